package io.perennial.notify.routing;

import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.TokenReinstated;
import io.perennial.notify.connection.Sighting;
import io.perennial.notify.operator.EndMoved;
import io.perennial.notify.reminder.PlannedReminder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What a batch of events says, folded in their order. */
final class EventBatch {
    private final Map<UUID, Sighting> sightings = new LinkedHashMap<>();
    private final List<PlannedReminder> planned = new ArrayList<>();
    private final List<EndMoved> ends = new ArrayList<>();

    private EventBatch() {}

    static EventBatch of(List<EventEnvelope> events) {
        EventBatch batch = new EventBatch();
        for (EventEnvelope event : events) {
            batch.add(event);
        }
        return batch;
    }

    private void add(EventEnvelope envelope) {
        ConnectionRef about = envelope.about();
        Event event = envelope.data();
        boolean reinstated = event instanceof TokenReinstated;
        Sighting sighting =
                new Sighting(about, event instanceof ConnectionDisconnected, reinstated ? about.occurredAt() : null);
        sightings.merge(about.connectionId(), sighting, Sighting::and);
        if (reinstated) {
            planned.removeIf(reminder -> isUndone(reminder, about));
        }
        if (event instanceof ConnectionUpdated updated && updated.endsAt() != null) {
            ends.add(new EndMoved(about, updated.endsAt()));
        }
        RoutingPolicy.reminder(event).ifPresent(planned::add);
    }

    /** A reinstatement that comes late undoes nothing that happened after it. */
    private static boolean isUndone(PlannedReminder reminder, ConnectionRef reinstated) {
        ConnectionRef about = reminder.about();
        return about.connectionId().equals(reinstated.connectionId())
                && !about.occurredAt().isAfter(reinstated.occurredAt())
                && reminder.kind() != ReminderKind.EXPIRING
                && reminder.kind() != ReminderKind.RECONNECTED
                && reminder.kind() != ReminderKind.CAMPAIGN;
    }

    Collection<Sighting> sightings() {
        return sightings.values();
    }

    Set<UUID> connections() {
        return sightings.keySet();
    }

    /** Connections that were told to work again. */
    List<UUID> reinstated() {
        return sightings.values().stream()
                .filter(sighting -> sighting.reinstatedAt() != null)
                .map(sighting -> sighting.about().connectionId())
                .toList();
    }

    List<PlannedReminder> planned() {
        return planned;
    }

    /** The ends that were told with other changes of connections. */
    List<EndMoved> ends() {
        return ends;
    }
}
