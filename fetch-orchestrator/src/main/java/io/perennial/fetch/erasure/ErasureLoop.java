package io.perennial.fetch.erasure;

import io.perennial.fetch.batch.BatchLoop;
import io.perennial.outbox.Outbox;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Runs erasures batch after batch, one at a time, while little else waits to be published. */
@ApplicationScoped
public class ErasureLoop {
    private final BatchLoop loop;
    private final ErasureConfig config;

    ErasureLoop(Vertx vertx, Erasures erasures, Outbox outbox, ErasureConfig config) {
        this.loop = new BatchLoop(vertx, "an erasure", erasures::next, outbox::wake, config.longestBatch());
        this.config = config;
    }

    /** A connection was given up. Cheap, never blocks; the tick finds what this misses. */
    public void wake() {
        loop.wake();
    }

    void start(@Observes StartupEvent event) {
        loop.start(config.tick());
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        loop.stop();
    }
}
