package io.perennial.notify.reminder;

import io.perennial.contracts.EventEnvelope;
import io.perennial.notify.connection.ConnectionRow;
import io.perennial.outbox.Outbox;
import io.perennial.service.TraceContext;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tells of finished reminders. */
final class ReminderEvents {
    private ReminderEvents() {}

    /**
     * Writes one event per outcome.
     *
     * @param locked rows of the connections, with at least as many sequences taken as there are outcomes
     */
    static Uni<Void> append(
            Outbox outbox,
            SqlConnection transaction,
            Map<UUID, ConnectionRow> locked,
            Map<ClaimedReminder, Outcome> outcomes,
            Instant now) {
        Map<UUID, Long> next = new HashMap<>();
        List<EventEnvelope> events = new ArrayList<>();
        outcomes.forEach((reminder, outcome) -> {
            ConnectionRow connection = locked.get(reminder.connectionId());
            if (connection == null) {
                throw new IllegalStateException("A reminder without its connection: " + reminder.id());
            }
            long sequence = next.merge(
                    reminder.connectionId(),
                    firstSequence(connection, reminder.connectionId(), outcomes),
                    (last, first) -> last + 1);
            events.add(outbox.envelope(
                    outcome.event(connection.about(reminder.generation(), now), reminder),
                    sequence,
                    TraceContext.current()));
        });
        return outbox.append(transaction, events);
    }

    private static long firstSequence(
            ConnectionRow connection, UUID connectionId, Map<ClaimedReminder, Outcome> outcomes) {
        long count = outcomes.keySet().stream()
                .filter(reminder -> reminder.connectionId().equals(connectionId))
                .count();
        return connection.eventSequence() - count + 1;
    }
}
