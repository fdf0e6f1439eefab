package io.perennial.fetch.backfill;

import io.perennial.fetch.batch.BatchLoop;
import io.perennial.outbox.Outbox;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Runs bulk fetches portion after portion, one at a time, while little else waits to be published. */
@ApplicationScoped
class BulkFetchLoop {
    private final BatchLoop loop;
    private final BackfillConfig config;

    BulkFetchLoop(Vertx vertx, BulkFetches bulks, FetchLoop fetches, Outbox outbox, BackfillConfig config) {
        Runnable planned = () -> {
            outbox.wake();
            fetches.wake();
        };
        this.loop = new BatchLoop(vertx, "a bulk fetch", bulks::next, planned, config.longestPortion());
        this.config = config;
    }

    /** Somebody asked for one. */
    void wake() {
        loop.wake();
    }

    void start(@Observes StartupEvent event) {
        loop.start(config.pollInterval());
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        loop.stop();
    }
}
