package io.perennial.inbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Forgets events that no topic holds any more. 400 days is the longest retention of an event topic, so a younger event
 * could still be delivered again.
 */
@Singleton
class Pruning {
    private static final Logger LOG = Logger.getLogger(Pruning.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int KEPT_DAYS = 400;
    private static final int AT_MOST = 50_000;

    private static final String PRUNE =
            """
            delete from inbox
            where ctid = any (array(select ctid from inbox
                                    where handled_at < clock_timestamp() - make_interval(days => $1)
                                    limit $2))
            """;

    private final Vertx vertx;
    private final Pool pool;
    private long timer = -1;

    @Inject
    Pruning(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    void start(@Observes StartupEvent start) {
        timer = vertx.setPeriodic(EVERY.toMillis(), id -> prune());
    }

    void stop(@Observes @Priority(1) ShutdownEvent stop) {
        vertx.cancelTimer(timer);
    }

    void prune() {
        pool.preparedQuery(PRUNE)
                .execute(Tuple.of(KEPT_DAYS, AT_MOST))
                .subscribe()
                .with(done -> {}, failure -> LOG.warnf("Old inbox rows could not be pruned: %s", failure));
    }
}
