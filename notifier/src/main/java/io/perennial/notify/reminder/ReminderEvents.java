package io.perennial.notify.reminder;

import io.perennial.contracts.EventEnvelope;
import io.perennial.notify.connection.ConnectionRow;
import io.perennial.outbox.Outbox;
import io.perennial.service.TraceContext;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

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
        Map<UUID, Long> left = outcomes.keySet().stream()
                .collect(Collectors.groupingBy(ClaimedReminder::connectionId, Collectors.counting()));
        List<EventEnvelope> events = new ArrayList<>();
        outcomes.forEach((reminder, outcome) -> {
            ConnectionRow connection = locked.get(reminder.connectionId());
            if (connection == null) {
                throw new IllegalStateException("A reminder without its connection: " + reminder.id());
            }
            long after = left.merge(reminder.connectionId(), -1L, Long::sum);
            events.add(outbox.envelope(
                    outcome.event(connection.about(reminder.generation(), now), reminder),
                    connection.eventSequence() - after,
                    TraceContext.current()));
        });
        return outbox.append(transaction, events);
    }
}
