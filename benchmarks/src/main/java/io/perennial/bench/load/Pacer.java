package io.perennial.bench.load;

import io.perennial.launcher.LauncherException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Something small at a fixed rate, by several workers in turn. What comes late is late, and the next is not put off for it:
 * there have to be enough workers that nothing waits for one.
 */
public final class Pacer {
    private static final long AHEAD = Duration.ofMillis(5).toNanos();

    private Pacer() {}

    /** A piece of work in two parts, of one worker. */
    public interface Step {
        /** What happens shortly before the instant. */
        void prepare(int worker, int number) throws Exception;

        /** What happens at the instant. */
        void act(int worker, int number) throws Exception;
    }

    /**
     * Works so many times.
     *
     * @return the instants of {@link System#nanoTime} at which each should have begun
     */
    public static long[] run(double rate, int count, int workers, Step step) {
        long pause = (long) (1e9 / rate);
        long began = System.nanoTime() + Math.max(pause, 2 * AHEAD);
        long[] intended =
                IntStream.range(0, count).mapToLong(i -> began + i * pause).toArray();
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            List<CompletableFuture<Void>> running = IntStream.range(0, workers)
                    .mapToObj(
                            worker -> CompletableFuture.runAsync(() -> work(worker, workers, intended, step), threads))
                    .toList();
            running.forEach(CompletableFuture::join);
            return intended;
        } finally {
            threads.shutdown();
        }
    }

    private static void work(int worker, int workers, long[] intended, Step step) {
        try {
            for (int i = worker; i < intended.length; i += workers) {
                until(intended[i] - AHEAD);
                step.prepare(worker, i);
                until(intended[i]);
                step.act(worker, i);
            }
        } catch (Exception e) {
            throw new LauncherException("work at a fixed rate failed: " + e, e);
        }
    }

    private static void until(long instant) {
        long left;
        while ((left = instant - System.nanoTime()) > 0) {
            LockSupport.parkNanos(left);
        }
    }
}
