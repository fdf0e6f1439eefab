package io.perennial.inbox;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Repeats a batch in place, with pauses of 100 ms that double up to 5 s, until it succeeds or the process stops. */
@Singleton
class RetryPolicy {
    private static final Logger LOG = Logger.getLogger(RetryPolicy.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final InFlight inFlight;
    private final InboxMetrics metrics;

    @Inject
    RetryPolicy(InFlight inFlight, InboxMetrics metrics) {
        this.inFlight = inFlight;
        this.metrics = metrics;
    }

    /** @param places where the batch lies: whoever has to skip a record needs to know it */
    Uni<Void> untilHandled(String consumer, String places, Supplier<Uni<Void>> attempt) {
        return Uni.createFrom()
                .deferred(() -> inFlight.stopping() ? Uni.createFrom().failure(new StoppingException()) : attempt.get())
                .onFailure(failure -> !(failure instanceof StoppingException))
                .invoke(failure -> report(consumer, places, failure))
                .onFailure(failure -> !inFlight.stopping())
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .onFailure(failure -> inFlight.stopping())
                .transform(failure -> new StoppingException());
    }

    private void report(String consumer, String places, Throwable failure) {
        metrics.retried(consumer);
        LOG.warnf("A batch of %s failed and is retried; records=%s: %s", consumer, places, failure);
    }
}
