package io.perennial.bench.measure;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param cell length of the timed part of one arm
 * @param warmUp length of one untimed part; arms warm up until two of them are alike
 * @param quick shows that everything works and measures nothing that counts: no goal is met by it
 */
public record Settings(Duration cell, int rounds, Duration warmUp, boolean quick) {
    public static final int ENOUGH_ROUNDS = 7;

    public static final Settings FULL =
            new Settings(Duration.ofSeconds(10), ENOUGH_ROUNDS, Duration.ofSeconds(10), false);

    public static final Settings QUICK = new Settings(Duration.ofSeconds(2), 1, Duration.ofSeconds(2), true);

    public Settings {
        if (cell.isNegative() || cell.isZero() || rounds < 1) {
            throw new IllegalArgumentException("cells of " + cell + ", " + rounds + " rounds");
        }
    }

    /** Whether a goal can be met at all by such a run. */
    public boolean conclusive() {
        return !quick && rounds >= ENOUGH_ROUNDS;
    }
}
