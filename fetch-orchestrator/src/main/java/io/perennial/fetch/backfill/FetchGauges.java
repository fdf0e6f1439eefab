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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Measures what only the database knows, now and then; the statements read indexes, not the tables. */
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

    // A slot of -infinity was never given: it only says that the next look plans it.
    private static final String PLANS =
            "select min(next_daily_at) from connection_view where next_daily_at > '-infinity'";
    // As they are claimed: of a connection with a leased fetch none is due, and what waits for quota is due later.
    private static final String FETCHES =
            """
            select class.priority, due.next_attempt_at
            from generate_series(0, 2) as class(priority) cross join lateral (
                select j.next_attempt_at from fetch_job j
                where j.priority = class.priority and j.next_attempt_at <= $1
                  and not exists (select from fetch_job o
                                  where o.connection_id = j.connection_id and o.state in ('WAITING', 'RUNNING')
                                    and o.lease_until > clock_timestamp())
                order by j.next_attempt_at limit 1) as due
            """;
    // Whatever is usable is fetched daily: what failed longer ago was followed by another fetch.
    private static final String FAILING =
            """
            select count(*) from fetch_job j join connection_view v using (connection_id)
            where j.state = 'FAILED' and j.completed_at > $1 and v.state = 'ACTIVE'
              and not exists (select from fetch_job o
                              where o.connection_id = j.connection_id and o.id > j.id
                                and o.state in ('COMPLETED', 'FAILED'))
            """;
    private static final String ERASURES = "select count(*) from erasure where completed_at is null";
    private static final String BULKS = "select count(*) from bulk_fetch where completed_at is null";
    private static final Duration FAILED_LATELY = Duration.ofHours(36);

    private final Pool pool;
    private final FetchMetrics metrics;
    private final DomainClock clock;
    private final boolean daily;

    FetchGauges(
            Pool pool,
            FetchMetrics metrics,
            DomainClock clock,
            @ConfigProperty(name = "perennial.daily.enabled", defaultValue = "true") boolean daily) {
        this.pool = pool;
        this.metrics = metrics;
        this.clock = clock;
        this.daily = daily;
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        vertx.setPeriodic(EVERY.toMillis(), ignored -> measure()
                .subscribe()
                .with(done -> {}, failure -> LOG.debugf("Gauges were not measured: %s", failure.toString())));
    }

    Uni<Void> measure() {
        return open().invoke(metrics::open)
                .chain(this::lag)
                .invoke(metrics::lag)
                .chain(this::due)
                .invoke(metrics::due)
                .chain(this::failing)
                .invoke(metrics::failing)
                .chain(() -> count(ERASURES, Tuple.tuple()))
                .invoke(metrics::erasures)
                .chain(() -> count(BULKS, Tuple.tuple()))
                .invoke(metrics::bulks)
                .replaceWithVoid();
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

    private Uni<Map<DueWork, Instant>> due() {
        Map<DueWork, Instant> oldest = new EnumMap<>(DueWork.class);
        return plans().invoke(slot -> slot.ifPresent(since -> oldest.put(DueWork.DAILY_PLAN, since)))
                .chain(() -> pool.preparedQuery(FETCHES)
                        .execute(Tuple.of(clock.instant().atOffset(UTC))))
                .invoke(rows -> rows.forEach(row -> oldest.put(
                        DueWork.of(FetchPriority.at(row.getInteger(0))),
                        row.getOffsetDateTime(1).toInstant())))
                .replaceWith(oldest);
    }

    private Uni<Optional<Instant>> plans() {
        if (!daily) {
            return Uni.createFrom().item(Optional.empty());
        }
        return pool.preparedQuery(PLANS).execute().map(rows -> Optional.ofNullable(
                        rows.iterator().next().getOffsetDateTime(0))
                .map(OffsetDateTime::toInstant));
    }

    private Uni<Long> failing() {
        return count(FAILING, Tuple.of(clock.instant().minus(FAILED_LATELY).atOffset(UTC)));
    }

    private Uni<Long> count(String sql, Tuple values) {
        return pool.preparedQuery(sql)
                .execute(values)
                .map(rows -> rows.iterator().next().getLong(0));
    }
}
