package io.perennial.fetch.schedule;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.FetchReason;
import io.perennial.fetch.backfill.FetchLoop;
import io.perennial.fetch.backfill.FetchPlanner;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.outbox.Outbox;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Plans the daily fetch of each usable connection when its slot has come. */
@ApplicationScoped
class DailyFetch {
    private static final Logger LOG = Logger.getLogger(DailyFetch.class);
    private static final String DUE =
            """
            select connection_id from connection_view where next_daily_at <= $1
            order by next_daily_at limit $2 for update skip locked
            """;
    private static final String NEXT =
            """
            update connection_view v set next_daily_at = n.next_at
            from unnest($1::uuid[], $2::timestamptz[]) as n(connection_id, next_at)
            where v.connection_id = n.connection_id
            """;

    private final Pool pool;
    private final ConnectionViews views;
    private final FetchPlanner planner;
    private final FetchLoop loop;
    private final Outbox outbox;
    private final DailyConfig config;
    private final DomainClock clock;
    private final AtomicBoolean planning = new AtomicBoolean();
    private volatile boolean stopping;

    DailyFetch(
            Pool pool,
            ConnectionViews views,
            FetchPlanner planner,
            FetchLoop loop,
            Outbox outbox,
            DailyConfig config,
            DomainClock clock) {
        this.pool = pool;
        this.views = views;
        this.planner = planner;
        this.loop = loop;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        if (config.enabled()) {
            vertx.setPeriodic(config.tick().toMillis(), ignored -> plan());
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stopping = true;
    }

    private void plan() {
        if (stopping || outbox.full() || !planning.compareAndSet(false, true)) {
            return;
        }
        // One that is never answered must not be the last.
        pool.withTransaction(tx -> planDue(tx, clock.instant()))
                .ifNoItem()
                .after(config.longestBatch())
                .fail()
                .onTermination()
                .invoke(() -> planning.set(false))
                .subscribe()
                .with(this::planned, failure -> LOG.warnf("Daily fetches were not planned: %s", failure.toString()));
    }

    private void planned(int connections) {
        if (connections > 0) {
            outbox.wake();
            loop.wake();
        }
        if (connections == config.batch()) {
            plan();
        }
    }

    /** Plans the next batch of connections that are due. */
    Uni<Integer> planDue(SqlConnection tx, Instant now) {
        return due(tx, now)
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().item(0)
                        : views.lock(tx, ids)
                                .chain(locked -> planner.planGaps(
                                        tx,
                                        locked.stream()
                                                .filter(ConnectionView::usable)
                                                .toList(),
                                        FetchReason.DAILY,
                                        now))
                                .chain(() -> next(tx, ids, now))
                                .replaceWith(ids.size()));
    }

    private Uni<List<UUID>> due(SqlConnection tx, Instant now) {
        return tx.preparedQuery(DUE)
                .execute(Tuple.of(now.atOffset(UTC), config.batch()))
                .map(rows -> {
                    List<UUID> ids = new ArrayList<>();
                    rows.forEach(row -> ids.add(row.getUUID(0)));
                    return ids;
                });
    }

    private static Uni<Void> next(SqlConnection tx, List<UUID> ids, Instant now) {
        OffsetDateTime[] slots =
                ids.stream().map(id -> DailySlot.after(now, id).atOffset(UTC)).toArray(OffsetDateTime[]::new);
        return tx.preparedQuery(NEXT)
                .execute(Tuple.of(ids.toArray(UUID[]::new), slots))
                .replaceWithVoid();
    }
}
