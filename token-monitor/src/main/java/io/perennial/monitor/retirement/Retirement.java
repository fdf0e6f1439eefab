package io.perennial.monitor.retirement;

import io.perennial.clock.DomainClock;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/** The daily job. Whether its turn has come is asked in the statement that does it, so there is no turn without work. */
@Singleton
class Retirement {
    private static final Logger LOG = Logger.getLogger(Retirement.class);
    private static final Duration ASK_EVERY = Duration.ofSeconds(30);

    /** Retention of the topic that could still bring a late event of a connection. */
    private static final Duration KEPT = Duration.ofDays(400);

    private static final String TURN =
            """
            with turn as (
                update periodic_job set next_run_at = $2
                where name = 'retirement' and next_run_at <= $1
                returning name
            ), retired as (
                delete from watched_connection
                where exists (select from turn) and state = 'DISCONNECTED' and changed_at < $3
                returning connection_id
            ), swept as (
                delete from expiry_day where exists (select from turn) and connections = 0
            )
            select (select count(*) from turn)::int as turns, (select count(*) from retired)::int as retired
            """;

    private final Vertx vertx;
    private final Pool pool;
    private final DomainClock clock;
    private long timer = -1;

    @Inject
    Retirement(Vertx vertx, Pool pool, DomainClock clock) {
        this.vertx = vertx;
        this.pool = pool;
        this.clock = clock;
    }

    void start(@Observes StartupEvent start) {
        timer = vertx.setPeriodic(
                ASK_EVERY.toMillis(), id -> turn(clock.instant()).subscribe().with(done -> {}, Retirement::failed));
    }

    void stop(@Observes @Priority(1) ShutdownEvent stop) {
        vertx.cancelTimer(timer);
    }

    /** Does the job if its turn has come; how many rows went, empty if it was not the turn. */
    Uni<OptionalInt> turn(Instant now) {
        Instant tomorrow = LocalDate.ofInstant(now, ZoneOffset.UTC)
                .plusDays(1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
        Tuple parameters = Tuple.of(
                now.atOffset(ZoneOffset.UTC),
                tomorrow.atOffset(ZoneOffset.UTC),
                now.minus(KEPT).atOffset(ZoneOffset.UTC));
        return pool.preparedQuery(TURN)
                .execute(parameters)
                .map(rows -> rows.iterator().next())
                .map(row ->
                        row.getInteger("turns") == 0 ? OptionalInt.empty() : OptionalInt.of(row.getInteger("retired")));
    }

    private static void failed(Throwable fault) {
        LOG.warnf("Given-up connections could not be retired and are tried again: %s", fault);
    }
}
