package io.perennial.fetch.batch;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Runs batch after batch, one at a time in this process, until nothing is open. */
public final class BatchLoop {
    private static final Logger LOG = Logger.getLogger(BatchLoop.class);
    private static final long PAUSE_MILLIS = 250;

    private final Vertx vertx;
    private final String work;
    private final Supplier<Uni<BatchProgress>> next;
    private final Runnable afterBatch;
    private final Duration longestBatch;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean pausing = new AtomicBoolean();
    private volatile boolean stopping;

    /**
     * A loop that has yet to be started.
     *
     * @param work what a batch is of, for the log
     * @param afterBatch cheap, never blocks
     * @param longestBatch how long a batch is waited for
     */
    public BatchLoop(
            Vertx vertx, String work, Supplier<Uni<BatchProgress>> next, Runnable afterBatch, Duration longestBatch) {
        this.vertx = vertx;
        this.work = work;
        this.next = next;
        this.afterBatch = afterBatch;
        this.longestBatch = longestBatch;
    }

    /** @param tick how often it is looked for what nobody woke the loop for */
    public void start(Duration tick) {
        vertx.setPeriodic(tick.toMillis(), ignored -> run());
    }

    /** No batch begins any more. */
    public void stop() {
        stopping = true;
    }

    /** There is something to do. Cheap, never blocks; the tick finds what this misses. */
    public void wake() {
        vertx.runOnContext(ignored -> run());
    }

    private void run() {
        if (stopping || pausing.get() || !running.compareAndSet(false, true)) {
            return;
        }
        // One that is never answered must not be the last.
        next.get().ifNoItem().after(longestBatch).fail().subscribe().with(this::ran, failure -> {
            running.set(false);
            LOG.warnf("A batch of %s failed and is tried again: %s", work, failure.toString());
        });
    }

    private void ran(BatchProgress progress) {
        running.set(false);
        if (progress == BatchProgress.BATCH) {
            afterBatch.run();
            wake();
        } else if (progress == BatchProgress.HELD_BACK && pausing.compareAndSet(false, true)) {
            vertx.setTimer(PAUSE_MILLIS, ignored -> {
                pausing.set(false);
                run();
            });
        }
    }
}
