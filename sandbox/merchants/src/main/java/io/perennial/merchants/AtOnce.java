package io.perennial.merchants;

import io.perennial.launcher.LauncherException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** The same work for many, a bounded number at a time. */
public final class AtOnce {
    private static final int WORKERS = 32;

    private AtOnce() {}

    /** The results in the order of the items; the first failure fails all. */
    public static <T, R> List<R> each(Collection<T> items, Function<T, R> work) {
        return each(items, WORKERS, work);
    }

    public static <T, R> List<R> each(Collection<T> items, int workers, Function<T, R> work) {
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            List<Future<R>> running = new ArrayList<>();
            items.forEach(item -> running.add(threads.submit(() -> work.apply(item))));
            List<R> results = new ArrayList<>();
            for (Future<R> one : running) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LauncherException known
                    ? known
                    : new LauncherException("one of many failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
