package io.perennial.fetch.quota;

import static java.time.ZoneOffset.UTC;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The buckets. A bucket is one stamp, the instant at which it is full again; it holds
 * {@code burst - (full_at - now) / spacing} requests, and taking one moves the stamp by the spacing.
 */
@ApplicationScoped
public class QuotaBuckets {
    private static final String TAKE =
            """
            insert into quota_bucket as b (app_id, account_id, region, operation, burst, spacing, full_at)
            select $1, $2, $3, $4, $5, make_interval(secs => $6), $7::timestamptz + make_interval(secs => $6)
            where exists (select from fetch_job where id = $8 and lease_epoch = $9)
            on conflict (app_id, account_id, region, operation) do update
            set full_at = greatest(b.full_at, $7::timestamptz) + b.spacing
            where greatest(b.full_at, $7::timestamptz) + b.spacing <= $7::timestamptz + b.burst * b.spacing
            returning full_at
            """;
    private static final String NEXT =
            """
            select b.full_at - (b.burst - 1) * b.spacing as next_at
            from quota_bucket b join fetch_job j on j.id = $5 and j.lease_epoch = $6
            where (b.app_id, b.account_id, b.region, b.operation) = ($1, $2, $3, $4)
            """;
    private static final String EMPTY =
            """
            insert into quota_bucket as b (app_id, account_id, region, operation, burst, spacing, full_at)
            values ($1, $2, $3, $4, $5, make_interval(secs => $6), $7::timestamptz + $5 * make_interval(secs => $6))
            on conflict (app_id, account_id, region, operation) do update
            set full_at = greatest(b.full_at, $7::timestamptz + b.burst * b.spacing)
            returning full_at - (burst - 1) * spacing as next_at
            """;
    // The number of requests in the bucket stays the same; only their coming back gets slower or faster.
    private static final String ADAPT =
            """
            update quota_bucket
            set spacing = make_interval(secs => $5),
                full_at = case when full_at > $6::timestamptz
                    then $6::timestamptz + (full_at - $6::timestamptz) * ($5 / extract(epoch from spacing)::float8)
                    else full_at end
            where (app_id, account_id, region, operation) = ($1, $2, $3, $4)
              and abs(extract(epoch from spacing)::float8 - $5) > 0.001
            """;

    private final Pool pool;
    private final QuotaConfig plan;

    QuotaBuckets(Pool pool, QuotaConfig plan) {
        this.pool = pool;
        this.plan = plan;
    }

    /**
     * Takes the token of one request, if the job is still the caller's.
     *
     * @param epoch the epoch under which the caller leased the job
     */
    public Uni<QuotaDecision> take(BucketKey key, UUID job, long epoch, Instant now) {
        Tuple values = planned(key).addValue(now.atOffset(UTC)).addUUID(job).addLong(epoch);
        return pool.preparedQuery(TAKE)
                .execute(values)
                .chain(rows -> rows.rowCount() == 1
                        ? Uni.createFrom().item(new QuotaDecision.Taken())
                        : whyNot(pool, key, job, epoch));
    }

    /** After a 429: nothing is left, whatever we believed. Gives the instant of the next attempt. */
    public Uni<Instant> empty(SqlClient client, BucketKey key, Instant now) {
        return client.preparedQuery(EMPTY)
                .execute(planned(key).addValue(now.atOffset(UTC)))
                .map(rows -> guarded(rows.iterator().next()));
    }

    /**
     * Follows Amazon's rate header (requests per second). It may lengthen the published spacing, never shorten it;
     * nonsense is ignored.
     */
    public Uni<Void> adapt(SqlClient client, BucketKey key, double ratePerSecond, Instant now) {
        if (!(ratePerSecond > 0) || 1 / ratePerSecond > seconds(plan.longestSpacing())) {
            return Uni.createFrom().voidItem();
        }
        double spacing = Math.max(seconds(plan.spacing()), 1 / ratePerSecond);
        Tuple values = keyed(key).addDouble(spacing).addValue(now.atOffset(UTC));
        return client.preparedQuery(ADAPT).execute(values).replaceWithVoid();
    }

    private Uni<QuotaDecision> whyNot(SqlClient client, BucketKey key, UUID job, long epoch) {
        return client.preparedQuery(NEXT)
                .execute(keyed(key).addUUID(job).addLong(epoch))
                .map(this::waitOrLost);
    }

    private QuotaDecision waitOrLost(RowSet<Row> rows) {
        return rows.rowCount() == 0
                ? new QuotaDecision.LeaseLost()
                : new QuotaDecision.Wait(guarded(rows.iterator().next()));
    }

    private Instant guarded(Row row) {
        return row.getOffsetDateTime("next_at").toInstant().plus(plan.guard());
    }

    private Tuple planned(BucketKey key) {
        return keyed(key).addInteger(plan.burst()).addDouble(seconds(plan.spacing()));
    }

    private static Tuple keyed(BucketKey key) {
        return Tuple.tuple()
                .addString(key.appId())
                .addString(key.accountId())
                .addString(key.region())
                .addString(key.operation());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
