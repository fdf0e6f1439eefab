package io.perennial.bench.load;

import io.perennial.launcher.LauncherException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Something small at a fixed rate from one thread; what comes late is late, and the next is not put off for it. */
public final class Pacer {
    private static final long AHEAD = Duration.ofMillis(2).toNanos();

    private Pacer() {}

    /** A piece of work in two parts. */
    public interface Step {
        /** What happens shortly before the instant. */
        void prepare(int number) throws Exception;

        /** What happens at the instant. */
        void act(int number) throws Exception;
    }

    /**
     * Works so many times.
     *
     * @return the instants of {@link System#nanoTime} at which each should have begun
     */
    public static long[] run(double rate, int count, Step step) {
        long pause = (long) (1e9 / rate);
        long[] intended = new long[count];
        long began = System.nanoTime() + pause;
        try {
            for (int i = 0; i < count; i++) {
                intended[i] = began + i * pause;
                until(intended[i] - AHEAD);
                step.prepare(i);
                until(intended[i]);
                step.act(i);
            }
        } catch (Exception e) {
            throw new LauncherException("work at a fixed rate failed: " + e, e);
        }
        return intended;
    }

    private static void until(long instant) {
        long left;
        while ((left = instant - System.nanoTime()) > 0) {
            LockSupport.parkNanos(left);
        }
    }
}
