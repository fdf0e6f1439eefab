package io.perennial.inbox;

import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.RenewalRequired;
import io.perennial.contracts.TenantEvent;
import io.perennial.contracts.TokenExpiring;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sets aside events that can be read but can never be true, or that no database can hold: repeated, they would stop their
 * partition for good. The reasons name a rule and never the content.
 */
public final class EventSanity {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    /** At most 2,400 bytes of UTF-8, so that any text fits a row of an index: 2,704 bytes on PostgreSQL's pages of 8 KiB. */
    private static final int LONGEST_TEXT = 800;

    private static final ClassValue<List<Method>> ACCESSORS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toList();
        }
    };

    private EventSanity() {}

    /**
     * The tenant of a connection never changes; an event that says otherwise is forged or a fault.
     *
     * @param known the tenant as the first event of the connection told it
     * @throws PoisonEventException if the event speaks of the connection as another tenant's
     */
    public static void requireTenant(EventEnvelope event, String known) {
        require(event, known.equals(event.about().tenantId()), "OTHER_TENANT");
    }

    /** Whether something can have happened then. Who passes a foreign time on asks before he does. */
    public static boolean isPossible(Instant instant) {
        return !instant.isBefore(EARLIEST) && instant.isBefore(LATEST);
    }

    static void check(EventEnvelope event) {
        checkValue(event, event);
        if (event.data() instanceof ConnectionEvent data) {
            ConnectionRef about = data.about();
            require(event, about.generation() >= 0, "NEGATIVE_GENERATION");
            require(event, !about.tenantId().isBlank() && !about.externalId().isBlank(), "UNUSABLE_ID");
        }
        if (event.data() instanceof TenantEvent data) {
            require(event, !data.about().tenantId().isBlank(), "UNUSABLE_ID");
        }
        require(event, countsFrom(event.data()) >= 0, "NEGATIVE_COUNT");
    }

    private static void checkValue(EventEnvelope event, @Nullable Object value) {
        if (value instanceof Instant instant) {
            require(event, isPossible(instant), "IMPOSSIBLE_TIME");
        } else if (value instanceof String text) {
            require(event, text.length() <= LONGEST_TEXT && text.indexOf('\0') < 0, "UNUSABLE_TEXT");
        } else if (value instanceof List<?> list) {
            for (Object item : list) {
                require(event, item != null, "EMPTY_ITEM");
                checkValue(event, item);
            }
        } else if (value instanceof Record record) {
            ACCESSORS.get(record.getClass()).forEach(accessor -> checkValue(event, read(accessor, record)));
        }
    }

    private static @Nullable Object read(Method accessor, Record record) {
        try {
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("A record's accessor can not be called: " + accessor, e);
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

    private static void require(EventEnvelope event, boolean sane, String reason) {
        if (!sane) {
            throw new PoisonEventException(event.id(), reason);
        }
    }
}
