package io.perennial.bench.load;

import io.perennial.bench.measure.Percentiles;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Work that begins at a fixed rate, whether the work before is done or not. A latency counts from the instant at which the
 * work should have begun: what had to wait because something was slow is slow too.
 */
public final class OpenLoop {
    private final Vertx vertx;
    private final Context context;

    public OpenLoop(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    /** Begins so many pieces of work a second for that long, and waits for all of them. */
    public Percentiles run(double rate, Duration length, Supplier<Future<?>> next) {
        int count = Math.max(1, (int) (rate * length.toMillis() / 1000));
        CompletableFuture<long[]> done = new CompletableFuture<>();
        context.runOnContext(now -> new Schedule(done, next, count, (long) (1e9 / rate)).start());
        return Percentiles.of(done.join());
    }

    /** Only ever touched on the event loop. */
    private final class Schedule {
        private final CompletableFuture<long[]> done;
        private final Supplier<Future<?>> next;
        private final long[] latencies;
        private final long pause;
        private final long began = System.nanoTime();
        private int started;
        private int ended;

        private Schedule(CompletableFuture<long[]> done, Supplier<Future<?>> next, int count, long pause) {
            this.done = done;
            this.next = next;
            this.latencies = new long[count];
            this.pause = pause;
        }

        private void start() {
            // Timers are good to a millisecond: each tick begins what is due by then.
            vertx.setPeriodic(1, timer -> {
                while (started < latencies.length && System.nanoTime() >= began + started * pause) {
                    begin(started++);
                }
                if (started == latencies.length || done.isDone()) {
                    vertx.cancelTimer(timer);
                }
            });
        }

        private void begin(int number) {
            next.get().onComplete(result -> {
                latencies[number] = System.nanoTime() - (began + number * pause);
                ended++;
                if (result.failed()) {
                    done.completeExceptionally(result.cause());
                } else if (ended == latencies.length) {
                    done.complete(latencies);
                }
            });
        }
    }
}
