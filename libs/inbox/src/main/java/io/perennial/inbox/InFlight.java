package io.perennial.inbox;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Batches that are being handled. Stopping waits for them while the database pool is still open; without that, records
 * in flight would fail on a closed pool.
 */
@Singleton
class InFlight {
    private static final Logger LOG = Logger.getLogger(InFlight.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private int running;
    private boolean stopping;

    /** Runs the work, unless the process stops: then the result never completes. */
    Uni<Void> track(Supplier<Uni<Void>> work) {
        // The work is subscribed on its own, so that a subscriber that goes away can not cancel a transaction: a
        // cancelled one never gives its connection back (Quarkus issue 51576).
        return Uni.createFrom().emitter(emitter -> {
            if (!begin()) {
                return;
            }
            Uni.createFrom()
                    .deferred(work::get)
                    .onTermination()
                    .invoke(this::end)
                    .subscribe()
                    .with(emitter::complete, failure -> {
                        if (!(failure instanceof StoppingException)) {
                            emitter.fail(failure);
                        }
                    });
        });
    }

    synchronized boolean stopping() {
        return stopping;
    }

    private synchronized boolean begin() {
        if (stopping) {
            return false;
        }
        running++;
        return true;
    }

    private synchronized void end() {
        running--;
        notifyAll();
    }

    synchronized void drain(@Observes @Priority(1) ShutdownEvent stop) throws InterruptedException {
        stopping = true;
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while (running > 0) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                LOG.warnf("Stopping with %d batches in flight; their records stay unacknowledged", running);
                return;
            }
            wait(left);
        }
    }
}
