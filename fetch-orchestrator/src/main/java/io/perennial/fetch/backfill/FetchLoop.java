package io.perennial.fetch.backfill;

import io.perennial.clock.DomainClock;
import io.perennial.outbox.Outbox;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Claims jobs that are due and runs their steps, many at once, each on its own. Who goes first decides {@link TenantTurns}.
 *
 * <ul>
 *   <li>{@link #wake()} after a commit starts a new job at once; the poll is for the quota, back-off and other replicas.
 *   <li>Leases are short and kept by a heartbeat, so that the jobs of a killed process go on within seconds.
 *   <li>No answer of the database is waited for without an end: one that never comes costs a claim, or a step and its lease.
 *   <li>While the outbox is full nothing is claimed.
 *   <li>Stopping waits for the steps in flight; those that do not end in time are repeated by whoever comes next.
 * </ul>
 */
@ApplicationScoped
public class FetchLoop {
    private static final Logger LOG = Logger.getLogger(FetchLoop.class);
    private static final long STOP_MILLIS = 6000;

    private final Vertx vertx;
    private final FetchClaims claims;
    private final FetchStep step;
    private final Outbox outbox;
    private final BackfillConfig limits;
    private final DomainClock clock;

    private final TenantTurns turns = new TenantTurns();
    private final Map<UUID, Held> held = new ConcurrentHashMap<>();
    private final AtomicBoolean claiming = new AtomicBoolean();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicBoolean keeping = new AtomicBoolean();
    private volatile boolean stopping;

    /** A step under way. */
    private static final class Held {
        private final FetchJob job;
        private final long since = System.nanoTime();
        private volatile @Nullable Cancellable work;

        Held(FetchJob job) {
            this.job = job;
        }

        boolean isOlderThan(Duration age) {
            return System.nanoTime() - since > age.toNanos();
        }

        void cancel() {
            Cancellable begun = work;
            if (begun != null) {
                begun.cancel();
            }
        }
    }

    FetchLoop(
            Vertx vertx, FetchClaims claims, FetchStep step, Outbox outbox, BackfillConfig limits, DomainClock clock) {
        this.vertx = vertx;
        this.claims = claims;
        this.step = step;
        this.outbox = outbox;
        this.limits = limits;
        this.clock = clock;
    }

    /** Something was committed that may be due. Cheap, never blocks. */
    public void wake() {
        woken.set(true);
        vertx.runOnContext(ignored -> claim());
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(limits.pollInterval().toMillis(), ignored -> wake());
        vertx.setPeriodic(limits.leaseDuration().toMillis() / 4, ignored -> keepLeases());
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        long deadline = System.nanoTime() + STOP_MILLIS * 1_000_000;
        synchronized (held) {
            while (!held.isEmpty() && System.nanoTime() < deadline) {
                held.wait(100);
            }
        }
        if (!held.isEmpty()) {
            LOG.warnf("Stopping with %d fetch steps in flight; they are repeated after their leases end", held.size());
        }
    }

    private void claim() {
        int room = limits.parallel() - held.size();
        if (stopping || room <= 0 || outbox.full() || !claiming.compareAndSet(false, true)) {
            return;
        }
        woken.set(false);
        Instant now = clock.instant();
        claims.due(now, room, turns.last())
                .map(due -> turns.take(due, room, busy()))
                .chain(wanted -> wanted.isEmpty()
                        ? Uni.createFrom().item(List.<FetchJob>of())
                        : claims.claim(wanted, now, limits.leaseDuration()))
                // What is leased after that is run by nobody: its lease ends by itself.
                .ifNoItem()
                .after(limits.longestClaim())
                .fail()
                .invoke(claimed -> claimed.forEach(this::run))
                .onTermination()
                .invoke(() -> claiming.set(false))
                .subscribe()
                .with(
                        claimed -> goOn(claimed, room),
                        failure -> LOG.warnf("Due fetches could not be claimed: %s", failure.toString()));
    }

    private void goOn(List<FetchJob> claimed, int room) {
        if (woken.get() || claimed.size() == room) {
            vertx.runOnContext(ignored -> claim());
        }
    }

    private List<UUID> busy() {
        return held.values().stream().map(step -> step.job.connectionId()).toList();
    }

    private void run(FetchJob job) {
        Held begun = new Held(job);
        held.put(job.id(), begun);
        // Deferred, so that what is thrown before the first answer is a fault of this job like any other.
        begun.work = Uni.createFrom()
                .deferred(() -> step.run(job))
                .subscribe()
                .with(outcome -> next(begun, outcome), failure -> fault(begun, failure));
    }

    private void next(Held done, StepOutcome outcome) {
        if (outcome instanceof StepOutcome.More more && !stopping) {
            turns.charge(done.job.tenantId());
            // On a fresh stack: a fetch of a thousand pages must not nest a thousand steps.
            vertx.runOnContext(ignored -> run(more.next()));
            return;
        }
        release(done);
        if (held.size() == limits.parallel() - 1) {
            wake();
        }
    }

    private void fault(Held failed, Throwable failure) {
        FetchJob job = failed.job;
        LOG.errorf(failure, "A step of fetch %s failed; it is tried again", job.id());
        Uni.createFrom().deferred(() -> step.afterFault(job)).subscribe().with(ignored -> release(failed), again -> {
            // Not even the row can be written: the lease ends by itself.
            LOG.warnf("Fetch %s waits for the end of its lease: %s", job.id(), again.toString());
            release(failed);
        });
    }

    private void release(Held ended) {
        synchronized (held) {
            held.remove(ended.job.id(), ended);
            held.notifyAll();
        }
    }

    /** As long as its lease is kept, nobody else goes on with the fetch. */
    private void giveUpTheEndless() {
        held.values().stream()
                .filter(begun -> begun.isOlderThan(limits.longestStep()))
                .forEach(begun -> {
                    LOG.errorf("A step of fetch %s does not end; it is left to whoever comes next", begun.job.id());
                    begun.cancel();
                    release(begun);
                });
    }

    private void keepLeases() {
        giveUpTheEndless();
        if (held.isEmpty() || !keeping.compareAndSet(false, true)) {
            return;
        }
        // One that is never answered must not be the last.
        claims.keep(List.copyOf(held.keySet()), limits.leaseDuration())
                .ifNoItem()
                .after(limits.leaseDuration())
                .fail()
                .onTermination()
                .invoke(() -> keeping.set(false))
                .subscribe()
                .with(
                        ignored -> {},
                        failure -> LOG.warnf("Leases of fetches could not be kept: %s", failure.toString()));
    }
}
