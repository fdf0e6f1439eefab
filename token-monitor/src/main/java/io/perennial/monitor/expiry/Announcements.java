package io.perennial.monitor.expiry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one batch did. */
record Announcements(List<Some> some) {
    static final Announcements NONE = new Announcements(List.of());

    /**
     * Connections that reached the same stage about equally late.
     *
     * @param stage null if they were only moved on, as their tenant has given up the stage that they were due for
     * @param oldestDue the earliest instant that one of them was due at
     */
    record Some(@Nullable Stage stage, long count, Instant oldestDue) {}

    /** How many left the due set. */
    long examined() {
        return some.stream().mapToLong(Some::count).sum();
    }

    /** How many were announced. */
    long total() {
        return some.stream()
                .filter(same -> same.stage() != null)
                .mapToLong(Some::count)
                .sum();
    }

    boolean none() {
        return some.isEmpty();
    }

    /** How late the latest of them is. */
    Duration lag(Instant now) {
        return some.stream()
                .map(same -> Duration.between(same.oldestDue(), now))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    Announcements and(Announcements others) {
        return new Announcements(
                Stream.concat(some.stream(), others.some.stream()).toList());
    }
}
