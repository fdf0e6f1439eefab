package io.perennial.outbox;

import io.perennial.clock.MachineClock;
import io.perennial.clock.TimeOrderedIds;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Ids for new events: time-ordered UUIDs (version 7) of the machine clock, so that indexes over them grow at one end.
 * In SQL use {@code uuidv7()}.
 */
@Singleton
public class EventIds {
    /** Flags of a trace that nobody records. */
    static final String NOT_SAMPLED = "00";

    private final TimeOrderedIds ids = new TimeOrderedIds(new MachineClock());

    public UUID next() {
        return ids.next();
    }

    /** A W3C trace context named by the event that begins the trace. */
    static String traceOf(UUID event, String flags) {
        String hex = HexFormat.of().toHexDigits(event.getMostSignificantBits())
                + HexFormat.of().toHexDigits(event.getLeastSignificantBits());
        return "00-" + hex + "-" + hex.substring(16) + "-" + flags;
    }
}
