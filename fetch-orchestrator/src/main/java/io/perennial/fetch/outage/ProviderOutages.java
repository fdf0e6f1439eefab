package io.perennial.fetch.outage;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.MachineClock;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The breaker of each region. Closed, it costs one statement a second per process and none per request; what other replicas
 * saw is known here a second later.
 */
@ApplicationScoped
public class ProviderOutages {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final String FAILED =
            """
            insert into provider_outage as p (region, failures, failed_at) values ($1, 1, $2)
            on conflict (region) do update
            set failures = case when p.failed_at < $2::timestamptz - make_interval(secs => $3) and p.next_trial_at is null
                    then 1 else p.failures + 1 end,
                failed_at = greatest(p.failed_at, $2),
                next_trial_at = case when p.next_trial_at is null and p.failures + 1 >= $4
                        and p.failed_at >= $2::timestamptz - make_interval(secs => $3)
                    then $2::timestamptz + make_interval(secs => $5) else p.next_trial_at end
            returning next_trial_at
            """;
    // Whoever moves the row on has the trial; the others read when the next one is.
    private static final String TRY =
            """
            update provider_outage set next_trial_at = $2::timestamptz + make_interval(secs => $3)
            where region = $1 and next_trial_at <= $2
            """;
    private static final String NEXT = "select next_trial_at from provider_outage where region = $1";
    private static final String KNOWN = "select region from provider_outage";
    private static final String OVER = "delete from provider_outage where region = $1";

    private final Pool pool;
    private final OutageConfig config;
    private final MachineClock machine;
    private volatile Set<String> troubled = Set.of();
    private volatile Instant lookedAt = Instant.MIN;

    ProviderOutages(Pool pool, OutageConfig config, MachineClock machine) {
        this.pool = pool;
        this.config = config;
        this.machine = machine;
    }

    /** When the region may be asked again; empty if now. */
    public Uni<Optional<Instant>> closedUntil(String region, Instant now) {
        return look().chain(() -> troubled.contains(region)
                ? trial(region, now)
                : Uni.createFrom().item(Optional.empty()));
    }

    /** A request failed as requests do in an outage. Gives when the region may be asked again, if it is one. */
    public Uni<Optional<Instant>> failed(String region, Instant now) {
        remember(region);
        Tuple values = Tuple.of(
                region, now.atOffset(UTC), seconds(config.memory()), config.failures(), seconds(config.trialEvery()));
        return pool.preparedQuery(FAILED).execute(values).map(ProviderOutages::nextTrial);
    }

    /** A page arrived: if there was an outage, it is over. */
    public Uni<Void> answered(String region) {
        return troubled.contains(region)
                ? pool.preparedQuery(OVER)
                        .execute(Tuple.of(region))
                        .invoke(() -> forget(region))
                        .replaceWithVoid()
                : Uni.createFrom().voidItem();
    }

    private Uni<Optional<Instant>> trial(String region, Instant now) {
        Tuple values = Tuple.of(region, now.atOffset(UTC), seconds(config.trialEvery()));
        return pool.preparedQuery(TRY)
                .execute(values)
                .chain(tried -> tried.rowCount() == 1
                        ? Uni.createFrom().item(Optional.empty())
                        : pool.preparedQuery(NEXT).execute(Tuple.of(region)).map(ProviderOutages::nextTrial));
    }

    private Uni<Void> look() {
        Instant now = machine.instant();
        if (now.isBefore(lookedAt.plus(LOOK_AGAIN))) {
            return Uni.createFrom().voidItem();
        }
        lookedAt = now;
        return pool.preparedQuery(KNOWN).execute().invoke(this::know).replaceWithVoid();
    }

    private void know(RowSet<Row> rows) {
        Set<String> regions = new HashSet<>();
        rows.forEach(row -> regions.add(row.getString(0)));
        troubled = Set.copyOf(regions);
    }

    private synchronized void remember(String region) {
        Set<String> regions = new HashSet<>(troubled);
        regions.add(region);
        troubled = Set.copyOf(regions);
    }

    private synchronized void forget(String region) {
        Set<String> regions = new HashSet<>(troubled);
        regions.remove(region);
        troubled = Set.copyOf(regions);
    }

    private static Optional<Instant> nextTrial(RowSet<Row> rows) {
        if (rows.rowCount() == 0) {
            return Optional.empty();
        }
        OffsetDateTime next = rows.iterator().next().getOffsetDateTime(0);
        return next == null ? Optional.empty() : Optional.of(next.toInstant());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
