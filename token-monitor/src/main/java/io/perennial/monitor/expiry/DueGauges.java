package io.perennial.monitor.expiry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.perennial.clock.DomainClock;
import io.perennial.monitor.expiry.DueConnections.Counts;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** How much is watched and how long the oldest due connection waits, sampled: also what a stuck loop leaves behind. */
@Singleton
class DueGauges {
    private static final Logger LOG = Logger.getLogger(DueGauges.class);
    private static final Duration EVERY = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final DomainClock clock;
    private final DueConnections due;
    private volatile Instant oldest = Instant.MAX;
    private volatile Counts counts = new Counts(0, 0);
    private long timer = -1;

    @Inject
    DueGauges(Vertx vertx, DomainClock clock, DueConnections due, MeterRegistry meters) {
        this.vertx = vertx;
        this.clock = clock;
        this.due = due;
        TimeGauge.builder("perennial.expiry.oldest.due", this, TimeUnit.MILLISECONDS, DueGauges::oldestDueMillis)
                .description("Domain time for which the oldest due connection waits")
                .register(meters);
        Gauge.builder("perennial.expiry.watched", this, gauges -> gauges.counts.watched())
                .description("Connections with a stage before them")
                .register(meters);
        Gauge.builder("perennial.expiry.set.aside", this, gauges -> gauges.counts.setAside())
                .description("Connections that can not be announced and wait for another plan")
                .register(meters);
    }

    void start(@Observes StartupEvent start) {
        timer = vertx.setPeriodic(
                1, EVERY.toMillis(), id -> sample().subscribe().with(done -> {}, DueGauges::failed));
    }

    void stop(@Observes @Priority(1) ShutdownEvent stop) {
        vertx.cancelTimer(timer);
    }

    Uni<Void> sample() {
        return due.oldest()
                .invoke(at -> oldest = at)
                .chain(due::counts)
                .invoke(sampled -> counts = sampled)
                .replaceWithVoid();
    }

    private double oldestDueMillis() {
        Instant now = clock.instant();
        return oldest.isAfter(now) ? 0 : Duration.between(oldest, now).toMillis();
    }

    private static void failed(Throwable fault) {
        LOG.debugf("The due set could not be sampled: %s", fault);
    }
}
