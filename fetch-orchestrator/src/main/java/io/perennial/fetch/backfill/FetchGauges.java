package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** Measures what only the database knows, now and then; both statements read an index, not the tables. */
@ApplicationScoped
class FetchGauges {
    private static final Logger LOG = Logger.getLogger(FetchGauges.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final String OPEN =
            """
            select state, count(*) from fetch_job where state in ('WAITING', 'RUNNING', 'PARKED') group by state
            """;
    private static final String LAG =
            """
            select extract(epoch from $1::timestamptz - min(covered_until))::bigint from connection_view
            where state = 'ACTIVE' and covered_until is not null
            """;

    private final Pool pool;
    private final FetchMetrics metrics;
    private final DomainClock clock;

    FetchGauges(Pool pool, FetchMetrics metrics, DomainClock clock) {
        this.pool = pool;
        this.metrics = metrics;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        vertx.setPeriodic(EVERY.toMillis(), ignored -> measure());
    }

    private void measure() {
        open().chain(counts -> lag().invoke(lag -> metrics.measured(counts, lag)))
                .subscribe()
                .with(ignored -> {}, failure -> LOG.debugf("Gauges were not measured: %s", failure.toString()));
    }

    private Uni<Map<FetchState, Long>> open() {
        return pool.preparedQuery(OPEN).execute().map(rows -> {
            Map<FetchState, Long> counts = new EnumMap<>(FetchState.class);
            rows.forEach(row -> counts.put(FetchState.valueOf(row.getString(0)), row.getLong(1)));
            return counts;
        });
    }

    private Uni<Duration> lag() {
        return pool.preparedQuery(LAG)
                .execute(Tuple.of(clock.instant().atOffset(UTC)))
                .map(rows -> {
                    Long seconds = rows.iterator().next().getLong(0);
                    return Duration.ofSeconds(seconds == null ? 0 : seconds);
                });
    }
}
