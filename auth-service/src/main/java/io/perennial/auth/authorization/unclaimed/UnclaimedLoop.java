package io.perennial.auth.authorization.unclaimed;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.persistence.Stopping;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Destroys what nobody claimed in time. */
@ApplicationScoped
class UnclaimedLoop {
    private static final Logger LOG = Logger.getLogger(UnclaimedLoop.class);
    private static final String ACTOR = "unclaimed-loop";
    private static final int BATCH = 100;
    private static final Duration RECORD_LIFE = Duration.ofDays(90);

    private final UnclaimedConsents consents;
    private final Stopping stopping;
    private final AtomicLong waiting = new AtomicLong();

    UnclaimedLoop(UnclaimedConsents consents, Stopping stopping, MeterRegistry meters) {
        this.consents = consents;
        this.stopping = stopping;
        Gauge.builder("perennial.unclaimed", waiting, AtomicLong::doubleValue)
                .description("Consents that wait to be claimed")
                .register(meters);
    }

    @Scheduled(every = "30s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> round() {
        if (stopping.begun()) {
            return Uni.createFrom().voidItem();
        }
        return consents.over(BATCH)
                .chain(over -> Multi.createFrom()
                        .iterable(over)
                        .onItem()
                        .transformToUniAndConcatenate(one -> consents.end(one.id(), one.stage(), one.reason(), ACTOR)
                                .replaceWith(one))
                        .collect()
                        .asList())
                .chain(() -> consents.purge(RECORD_LIFE))
                .chain(() -> consents.count())
                .invoke(waiting::set)
                .replaceWithVoid()
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.warnf("Tried again in the next round: %s", failure.toString());
                    return Uni.createFrom().voidItem();
                });
    }
}
