package io.perennial.launcher.process;

import io.perennial.launcher.LauncherException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Polling with a deadline, by the machine's monotonic clock. */
public final class Waiting {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private Waiting() {}

    /** Returns true as soon as the condition holds, false when the deadline passed without it. */
    public static boolean until(Duration deadline, BooleanSupplier condition) {
        return until(deadline, PAUSE, condition);
    }

    public static boolean until(Duration deadline, Duration pause, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                Thread.sleep(pause.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LauncherException("interrupted while waiting", e);
            }
        }
        return true;
    }
}
