package io.perennial.monitor.expiry;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;

/**
 * What one batch announced.
 *
 * @param byStage how many connections, by number of the stage
 * @param oldestDue the earliest instant that one of them was due at
 */
record Announcements(SortedMap<Integer, Long> byStage, Instant oldestDue) {
    static final Announcements NONE = new Announcements(Collections.emptySortedMap(), Instant.MAX);

    long total() {
        return byStage.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean none() {
        return byStage.isEmpty();
    }

    /** How late the latest of them is. */
    Duration lag(Instant now) {
        return none() ? Duration.ZERO : Duration.between(oldestDue, now);
    }
}
