package io.perennial.fetch.erasure;

import io.perennial.outbox.Outbox;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Runs erasures batch after batch, one at a time, while little else waits to be published. */
@ApplicationScoped
public class ErasureLoop {
    private static final Logger LOG = Logger.getLogger(ErasureLoop.class);
    private static final long PAUSE_MILLIS = 250;

    private final Vertx vertx;
    private final Erasures erasures;
    private final Outbox outbox;
    private final ErasureConfig config;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean pausing = new AtomicBoolean();
    private volatile boolean stopping;

    ErasureLoop(Vertx vertx, Erasures erasures, Outbox outbox, ErasureConfig config) {
        this.vertx = vertx;
        this.erasures = erasures;
        this.outbox = outbox;
        this.config = config;
    }

    /** A connection was given up. Cheap, never blocks; the tick finds what this misses. */
    public void wake() {
        vertx.runOnContext(ignored -> run());
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(config.tick().toMillis(), ignored -> run());
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stopping = true;
    }

    private void run() {
        if (stopping || pausing.get() || !running.compareAndSet(false, true)) {
            return;
        }
        // One that is never answered must not be the last.
        erasures.next()
                .ifNoItem()
                .after(config.longestBatch())
                .fail()
                .subscribe()
                .with(this::ran, failure -> {
                    running.set(false);
                    LOG.warnf("A batch of an erasure failed and is tried again: %s", failure.toString());
                });
    }

    private void ran(Erasures.Progress progress) {
        running.set(false);
        if (progress == Erasures.Progress.BATCH) {
            outbox.wake();
            wake();
        } else if (progress == Erasures.Progress.HELD_BACK && pausing.compareAndSet(false, true)) {
            vertx.setTimer(PAUSE_MILLIS, ignored -> {
                pausing.set(false);
                run();
            });
        }
    }
}
