package io.perennial.fetch.schedule;

import static java.time.ZoneOffset.UTC;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** The second of the (UTC) day at which a connection has its daily fetch: fixed by its id, even over the day. */
final class DailySlot {
    private static final int SECONDS_OF_DAY = 86_400;

    private DailySlot() {}

    /** The first slot after the instant. */
    static Instant after(Instant instant, UUID connection) {
        Instant today = instant.atOffset(UTC).toLocalDate().atStartOfDay().toInstant(UTC);
        // The last bits of an id are random; the first ones tell its age, and would gather an import in one hour.
        long second =
                Long.remainderUnsigned(connection.getLeastSignificantBits() * 0x9E3779B97F4A7C15L, SECONDS_OF_DAY);
        Instant slot = today.plusSeconds(second);
        return slot.isAfter(instant) ? slot : slot.plus(Duration.ofDays(1));
    }
}
