package io.perennial.launcher.stack;

import io.perennial.launcher.LauncherException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Starts parts at once, as far as they do not need one another: a service that starts before its database and its
 * issuer answer spends its seconds on retries that the processors lack elsewhere.
 */
final class ParallelStart {

    private final List<Part> missing;
    private final Progress progress;
    private final long began = System.nanoTime();
    /** The first failure ends the wait for the others. */
    private final CompletableFuture<Void> failure = new CompletableFuture<>();

    private final Queue<Part> startedHere = new ConcurrentLinkedQueue<>();

    ParallelStart(List<Part> missing, Progress progress) {
        this.missing = missing;
        this.progress = progress;
    }

    void run(Part database, Part broker, List<ServicePart> services) {
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "start");
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletableFuture<Void> ground = CompletableFuture.runAsync(() -> start(database), threads);
            CompletableFuture<Void> records = CompletableFuture.runAsync(() -> start(broker), threads);
            CompletableFuture<Void> issuer =
                    ground.thenRunAsync(() -> startAll(services, ServicePart::issues), threads);
            CompletableFuture<?>[] all = Stream.concat(
                            Stream.of(records, issuer),
                            services.stream()
                                    .filter(service -> !service.issues())
                                    .map(service -> issuer.thenRunAsync(() -> start(service), threads)))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.anyOf(CompletableFuture.allOf(all), failure).get();
        } catch (ExecutionException e) {
            giveUp(threads);
            if (e.getCause() instanceof LauncherException known) {
                throw known;
            }
            throw new LauncherException("the start failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            giveUp(threads);
            Thread.currentThread().interrupt();
            throw new LauncherException("the start was interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Starts under way are interrupted and end by themselves first, so that none begins after the stop. */
    private void giveUp(ExecutorService threads) {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(20, TimeUnit.SECONDS)) {
                progress.note("some starts did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // stopping waits, which an interrupted thread may not
        boolean interrupted = Thread.interrupted();
        startedHere.forEach(ParallelStart::stopQuietly);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void startAll(List<ServicePart> services, Predicate<ServicePart> chosen) {
        services.stream().filter(chosen).forEach(this::start);
    }

    private void start(Part part) {
        if (!missing.contains(part)) {
            return;
        }
        startedHere.add(part);
        progress.started(part.name());
        try {
            part.start();
        } catch (RuntimeException e) {
            failure.completeExceptionally(e);
            throw e;
        }
        progress.ready(part.name(), Duration.ofNanos(System.nanoTime() - began));
    }

    private static void stopQuietly(Part part) {
        try {
            part.process().ifPresent(process -> part.stop());
        } catch (RuntimeException e) {
            // the reason of the failed start matters more than this one
            part.process().ifPresent(process -> process.discard());
        }
    }
}
