package io.perennial.notify.reminder;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.perennial.clock.DomainClock;
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

/**
 * How long the mail that waits longest might have left already. Looked at beside the deliveries and aged when it is asked
 * for, so that it grows while no delivery runs or the database is away, and attempts in vain do not make it young.
 */
@Singleton
class WaitingGauge {
    private static final Logger LOG = Logger.getLogger(WaitingGauge.class);
    private static final Duration EVERY = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final DomainClock clock;
    private final ReminderStore store;
    private volatile Instant openSince = Instant.MAX;
    private volatile int putOff;
    private long timer = -1;

    @Inject
    WaitingGauge(Vertx vertx, DomainClock clock, ReminderStore store, MeterRegistry meters) {
        this.vertx = vertx;
        this.clock = clock;
        this.store = store;
        TimeGauge.builder(
                        "perennial.reminders.oldest.waiting", this, TimeUnit.MILLISECONDS, WaitingGauge::waitingMillis)
                .description("How long the mail that waits longest might have left already, on the domain clock")
                .register(meters);
        Gauge.builder("perennial.reminders.put.off", this, gauge -> gauge.putOff)
                .description("Mails that the mail server put off at their last attempt")
                .register(meters);
    }

    void start(@Observes StartupEvent start) {
        timer = vertx.setPeriodic(
                1, EVERY.toMillis(), id -> sample().subscribe().with(done -> {}, WaitingGauge::failed));
    }

    void stop(@Observes @Priority(1) ShutdownEvent stop) {
        vertx.cancelTimer(timer);
    }

    Uni<Void> sample() {
        return store.oldestOpenSince()
                .invoke(since -> openSince = since)
                .chain(store::putOff)
                .invoke(mails -> putOff = mails)
                .replaceWithVoid();
    }

    private double waitingMillis() {
        Instant now = clock.instant();
        Instant since = openSince;
        return since.isAfter(now) ? 0 : Duration.between(since, now).toMillis();
    }

    private static void failed(Throwable fault) {
        LOG.debugf("The waiting mails could not be sampled: %s", fault);
    }
}
