package io.perennial.auth.application;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many days before its end operators are told of a secret. */
final class SecretStages {
    private SecretStages() {}

    /** The stage that is reached: the smallest of {@code stages} with at least that many days left; null before the first. */
    static @Nullable Integer reached(List<Integer> stages, Instant now, Instant end) {
        return stages.stream()
                .filter(days -> !now.isBefore(end.minus(Duration.ofDays(days))))
                .min(Integer::compare)
                .orElse(null);
    }

    /** Begun days until the end; 0 from the end on. */
    static int daysLeft(Instant now, Instant end) {
        Duration left = Duration.between(now, end);
        return left.isNegative()
                ? 0
                : (int) left.plus(Duration.ofDays(1)).minusNanos(1).toDays();
    }
}
