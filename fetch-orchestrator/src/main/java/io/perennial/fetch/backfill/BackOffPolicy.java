package io.perennial.fetch.backfill;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after failed attempts: doubling up to a limit, with a random part so that jobs spread. */
final class BackOffPolicy {
    private final Duration first;
    private final RandomGenerator random;

    BackOffPolicy(Duration first, RandomGenerator random) {
        this.first = first;
        this.random = random;
    }

    /** @param failures in a row, at least one */
    Duration pause(int failures, Duration longest) {
        double factor = Math.pow(2, Math.min(failures - 1, 30));
        double millis = Math.min(first.toMillis() * factor, longest.toMillis());
        return Duration.ofMillis((long) (millis * (0.5 + random.nextDouble() / 2)));
    }
}
