package io.perennial.outbox;

import io.perennial.clock.MachineClock;
import io.perennial.clock.TimeOrderedIds;
import jakarta.inject.Singleton;
import java.util.UUID;

/**
 * Ids for new events: time-ordered UUIDs (version 7) of the machine clock, so that indexes over them grow at one end.
 * In SQL use {@code uuidv7()}.
 */
@Singleton
public class EventIds {
    private final TimeOrderedIds ids = new TimeOrderedIds(new MachineClock());

    public UUID next() {
        return ids.next();
    }
}
