package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * Forgets fetches that ended long ago, and the keys of requests: a million daily fetches are a million rows a day. What was
 * read stands in coverage, digests and load status, none of which needs them.
 */
@ApplicationScoped
class PruningLoop {
    private static final Logger LOG = Logger.getLogger(PruningLoop.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    /** 2.9 million a day. */
    private static final int AT_MOST = 2000;

    private static final String PRUNE_JOBS =
            """
            delete from fetch_job
            where ctid = any (array(select ctid from fetch_job
                                    where completed_at < $1
                                    order by completed_at limit $2 for update skip locked))
            """;
    private static final String PRUNE_REQUESTS =
            """
            delete from fetch_request
            where ctid = any (array(select ctid from fetch_request
                                    where created_at < $1
                                    order by created_at limit $2 for update skip locked))
            """;
    private static final String PRUNE_BULKS =
            """
            delete from bulk_fetch
            where ctid = any (array(select ctid from bulk_fetch
                                    where completed_at < $1
                                    order by completed_at limit $2 for update skip locked))
            """;

    private final Vertx vertx;
    private final Pool pool;
    private final BackfillConfig config;
    private final DomainClock clock;
    private long timer = -1;

    PruningLoop(Vertx vertx, Pool pool, BackfillConfig config, DomainClock clock) {
        this.vertx = vertx;
        this.pool = pool;
        this.config = config;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(EVERY.toMillis(), ignored -> prune());
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void prune() {
        prune(pool, clock.instant().minus(config.kept()), AT_MOST)
                .subscribe()
                .with(gone -> {}, failure -> LOG.warnf("Old fetches could not be pruned: %s", failure.toString()));
    }

    /** One batch of what ended before; tells how many fetches that were. */
    static Uni<Integer> prune(Pool pool, Instant before, int atMost) {
        Tuple values = Tuple.of(before.atOffset(UTC), atMost);
        return pool.preparedQuery(PRUNE_JOBS)
                .execute(values)
                .call(() -> pool.preparedQuery(PRUNE_REQUESTS).execute(values))
                .call(() -> pool.preparedQuery(PRUNE_BULKS).execute(values))
                .map(rows -> rows.rowCount());
    }
}
