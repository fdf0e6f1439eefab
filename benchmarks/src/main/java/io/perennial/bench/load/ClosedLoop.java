package io.perennial.bench.load;

import io.perennial.bench.measure.Arm.Work;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A number of clients, each of which begins the next piece of work when the one before is done. */
public final class ClosedLoop {
    private final Context context;
    private final int clients;

    /** All clients run on one event loop. */
    public ClosedLoop(Vertx vertx, int clients) {
        this.context = vertx.getOrCreateContext();
        this.clients = clients;
    }

    /**
     * Works for about that long, or until there is nothing more to do.
     *
     * @param next begins a piece of work; null when there is none left. One that fails makes all of it fail
     */
    public Work run(Duration length, Supplier<@Nullable Future<?>> next) {
        CompletableFuture<Work> done = new CompletableFuture<>();
        context.runOnContext(now -> new Loop(done, next, System.nanoTime(), length.toNanos()).start());
        return done.join();
    }

    /** Only ever touched on the event loop. */
    private final class Loop {
        private final CompletableFuture<Work> done;
        private final Supplier<@Nullable Future<?>> next;
        private final long began;
        private final long length;
        private long items;
        private int busy = clients;

        private Loop(CompletableFuture<Work> done, Supplier<@Nullable Future<?>> next, long began, long length) {
            this.done = done;
            this.next = next;
            this.began = began;
            this.length = length;
        }

        private void start() {
            for (int i = 0; i < clients; i++) {
                step();
            }
        }

        private void step() {
            Future<?> work = System.nanoTime() - began < length && !done.isDone() ? next.get() : null;
            if (work == null) {
                busy--;
                if (busy == 0) {
                    done.complete(new Work(items, (System.nanoTime() - began) / 1e9));
                }
                return;
            }
            // Not at once: a future that is done already would make the stack grow.
            work.onComplete(result -> context.runOnContext(now -> {
                if (result.failed()) {
                    done.completeExceptionally(result.cause());
                } else {
                    items++;
                }
                step();
            }));
        }
    }
}
