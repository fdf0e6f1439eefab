package io.perennial.notify.routing;

import io.perennial.contracts.ClientSecretExpiring;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.ProviderOutageCleared;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.RenewalRequired;
import io.perennial.contracts.TokenExpiring;
import io.perennial.inbox.PoisonEventException;
import io.perennial.notify.connection.ConnectionRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sets aside events that can be read but can never be true: stored, they would be refused for ever. */
final class EventSanity {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final int MAX_ID = 1_000;

    private EventSanity() {}

    static void check(EventEnvelope event) {
        ConnectionRef about = event.about();
        require(event, about.generation() >= 0, "NEGATIVE_GENERATION");
        require(event, isText(about.tenantId()) && isText(about.externalId()), "UNUSABLE_ID");
        require(event, isPossible(about.occurredAt()), "IMPOSSIBLE_TIME");
        require(event, countsFrom(event.data()) >= 0, "NEGATIVE_COUNT");
    }

    /** An event of the platform goes into a mail: its instants must be days that a calendar has. */
    static void checkOfPlatform(EventEnvelope event) {
        require(event, isPossible(event.data().occurredAt()), "IMPOSSIBLE_TIME");
        if (event.data() instanceof ClientSecretExpiring expiring) {
            require(event, isPossible(expiring.expiresAt()), "IMPOSSIBLE_TIME");
        }
        if (event.data() instanceof ProviderOutageCleared cleared) {
            require(event, isPossible(cleared.since()), "IMPOSSIBLE_TIME");
        }
    }

    private static boolean isPossible(Instant instant) {
        return instant.isAfter(EARLIEST) && instant.isBefore(LATEST);
    }

    /** The tenant of a connection never changes; an event that says otherwise is forged or a fault. */
    static void checkTenants(List<EventEnvelope> events, Map<UUID, ConnectionRow> seen) {
        for (EventEnvelope event : events) {
            ConnectionRef about = event.about();
            ConnectionRow known = seen.get(about.connectionId());
            require(event, known != null && known.tenantId().equals(about.tenantId()), "OTHER_TENANT");
        }
    }

    private static int countsFrom(Event event) {
        if (event instanceof TokenExpiring expiring) {
            return expiring.stage();
        }
        if (event instanceof RenewalOverdue overdue) {
            return overdue.week();
        }
        if (event instanceof RenewalRequired required) {
            return Math.min(required.campaign(), required.connections());
        }
        if (event instanceof FetchCompleted fetch) {
            return Math.min(fetch.ordersNew(), fetch.ordersUpdated());
        }
        return 0;
    }

    private static boolean isText(String text) {
        return !text.isBlank() && text.length() <= MAX_ID && text.indexOf('\0') < 0;
    }

    private static void require(EventEnvelope event, boolean sane, String reason) {
        if (!sane) {
            throw new PoisonEventException(event.id(), reason);
        }
    }
}
