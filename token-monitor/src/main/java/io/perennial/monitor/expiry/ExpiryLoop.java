package io.perennial.monitor.expiry;

import io.perennial.clock.DomainClock;
import io.perennial.outbox.Outbox;
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
import org.jboss.logging.Logger;

/**
 * Announces what is due.
 *
 * <ul>
 *   <li>One cycle runs at a time in a process; replicas share the due set by skipping each other's locked rows.
 *   <li>The loop ticks by the machine's time and asks the domain clock in each tick, so a jump of the domain clock is
 *       noticed within one interval.
 *   <li>A row that can not be announced is set aside ({@link PoisonRows}), and the others of its batch go on.
 *   <li>While a batch comes back full the next one follows at once; while the outbox is full, or a relay of an older release
 *       is alive, nothing is claimed; while the database refuses the pauses grow.
 *   <li>Stopping waits for the cycle in flight.
 * </ul>
 */
@Singleton
public class ExpiryLoop {
    private static final Logger LOG = Logger.getLogger(ExpiryLoop.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final long AT_ONCE = 1;

    private final Vertx vertx;
    private final DomainClock clock;
    private final DueConnections due;
    private final PoisonRows poison;
    private final Outbox outbox;
    private final ExpiryMetrics metrics;
    private final ExpiryConfig config;
    private final BatchSize batchSize;

    private boolean started;
    private boolean running;
    private boolean woken;
    private boolean draining;
    private int failures;
    private long timer = -1;

    @Inject
    ExpiryLoop(
            Vertx vertx,
            DomainClock clock,
            DueConnections due,
            PoisonRows poison,
            Outbox outbox,
            ExpiryMetrics metrics,
            ExpiryConfig config) {
        this.vertx = vertx;
        this.clock = clock;
        this.due = due;
        this.poison = poison;
        this.outbox = outbox;
        this.metrics = metrics;
        this.config = config;
        this.batchSize = new BatchSize(config.smallestBatch(), config.largestBatch());
    }

    /** Looks at the due set now rather than at the next tick: something may have become due. */
    public synchronized void wake() {
        woken = true;
        if (started && !running) {
            schedule(AT_ONCE);
        }
    }

    synchronized void start(@Observes StartupEvent start) {
        if (config.enabled()) {
            started = true;
            schedule(AT_ONCE);
        }
    }

    synchronized void stop(@Observes @Priority(1) ShutdownEvent stop) throws InterruptedException {
        started = false;
        vertx.cancelTimer(timer);
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while (running) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                LOG.warn("Stopping with a cycle of the expiry loop in flight; it commits as a whole or not at all");
                return;
            }
            wait(left);
        }
    }

    /** Announces one batch. */
    Uni<CycleOutcome> cycle() {
        if (outbox.full()) {
            return Uni.createFrom().item(CycleOutcome.OUTBOX_FULL);
        }
        if (!outbox.renders()) {
            return Uni.createFrom().item(CycleOutcome.OLDER_RELAY);
        }
        return Uni.createFrom().deferred(this::announce);
    }

    private Uni<CycleOutcome> announce() {
        Instant now = clock.instant();
        int limit = batchSize.current();
        return (draining ? due.announce(now, limit) : due.look(now, limit))
                .onFailure(PoisonRows::blames)
                .recoverWithUni(() -> poison.announceOthers(now, limit))
                .map(announcements -> announced(announcements, now));
    }

    private CycleOutcome announced(Announcements announcements, Instant now) {
        boolean full = batchSize.filled(announcements.examined());
        draining = full;
        if (announcements.none()) {
            return CycleOutcome.IDLE;
        }
        outbox.wake();
        metrics.announced(announcements, now);
        return full ? CycleOutcome.BATCH_FULL : CycleOutcome.ANNOUNCED;
    }

    private void schedule(long delayMillis) {
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(delayMillis, id -> run());
    }

    private void run() {
        if (begin()) {
            cycle().onFailure().recoverWithItem(this::failed).subscribe().with(this::end, fault -> end(failed(fault)));
        }
    }

    private synchronized boolean begin() {
        if (!started || running) {
            return false;
        }
        running = true;
        woken = false;
        return true;
    }

    private CycleOutcome failed(Throwable fault) {
        LOG.warnf("The due set could not be read and is tried again: %s", fault);
        return CycleOutcome.FAILED;
    }

    private synchronized void end(CycleOutcome outcome) {
        metrics.ended(outcome);
        running = false;
        failures = outcome == CycleOutcome.FAILED ? failures + 1 : 0;
        notifyAll();
        if (started) {
            schedule(pause(outcome));
        }
    }

    private long pause(CycleOutcome outcome) {
        if (outcome == CycleOutcome.FAILED) {
            long grown = config.interval().toMillis() << Math.min(failures, 10);
            return Math.min(grown, config.longestPause().toMillis());
        }
        boolean more = outcome == CycleOutcome.BATCH_FULL || (woken && outcome.looked());
        return more ? AT_ONCE : config.interval().toMillis();
    }
}
