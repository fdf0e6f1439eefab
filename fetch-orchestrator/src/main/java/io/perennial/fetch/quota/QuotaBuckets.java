package io.perennial.fetch.quota;

import static java.time.ZoneOffset.UTC;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The buckets. A bucket is one stamp, the instant at which our share of it is full again; taking a request moves the stamp
 * by the spacing. What a stamp means is computed in the database (functions {@code quota_…}).
 *
 * <ul>
 *   <li>Never more than our part of the burst and one request per spacing, in any span of time.
 *   <li>A pair of application and account that was never used starts full. One that was used and has no stamp (any more)
 *       starts empty: Amazon has not forgotten what we did.
 *   <li>What Amazon's answers tell (rate, arrival) may make a bucket emptier, never fuller. A spacing that they told counts for a
 *       day from the last time.
 *   <li>The plan is the configured one, also where the bucket is older: a change keeps the requests that are in it.
 * </ul>
 */
@ApplicationScoped
public class QuotaBuckets {
    private static final String KEY = "(b.app_id, b.account_id, b.region, b.operation) = ($1, $2, $3, $4)";
    // Searches that began before operations were noted have asked for searchOrders and nothing else.
    private static final String TAKE =
            """
            insert into quota_bucket as b (app_id, account_id, region, operation, burst, spacing, share, full_at)
            select $1, $2, $3, $4, $5, make_interval(secs => $6), $7, $8::timestamptz + quota_each(make_interval(secs => $6), $7)
            from fetch_job j
            where j.id = $9 and j.lease_epoch = $10
              and (exists (select from quota_bucket b where """
                    + KEY
                    + """
            )
                or not exists (select from fetch_job o
                               where o.connection_id = j.connection_id
                                 and ($4 = any(o.asked)
                                      or $4 = 'searchOrders' and o.strategy = 'SEARCH' and o.started_at is not null)))
            on conflict (app_id, account_id, region, operation) do update
            set full_at = greatest(b.full_at, $8::timestamptz) + quota_each(b.spacing, least(b.share, $7))
            where b.burst = $5
              and b.spacing = quota_spacing(b.spacing, b.learned_at, make_interval(secs => $6), $8)
              and greatest(b.full_at, $8::timestamptz) + quota_each(b.spacing, least(b.share, $7))
               <= $8::timestamptz + quota_room(b.burst, least(b.share, $7)) * quota_each(b.spacing, least(b.share, $7))
            returning full_at
            """;
    private static final String NEXT =
            """
            select quota_next(b.full_at, b.burst, b.spacing, least(b.share, $5)) as next_at,
                   b.burst = $8 and b.spacing = quota_spacing(b.spacing, b.learned_at, make_interval(secs => $9), $10)
                       as current
            from fetch_job j left join quota_bucket b on """
                    + KEY + " where j.id = $6 and j.lease_epoch = $7";
    // The requests in the bucket stay as many as they are, or as a smaller burst lets through.
    private static final String ADOPT =
            """
            update quota_bucket b
            set burst = $5, spacing = quota_spacing(b.spacing, b.learned_at, make_interval(secs => $6), $8),
                full_at = quota_stamp(quota_tokens(b.full_at, b.burst, b.spacing, least(b.share, $7), $8), $5,
                    quota_spacing(b.spacing, b.learned_at, make_interval(secs => $6), $8), least(b.share, $7), $8)
            where """
                    + KEY;
    private static final String BEGIN_EMPTY =
            """
            insert into quota_bucket (app_id, account_id, region, operation, burst, spacing, share, full_at)
            values ($1, $2, $3, $4, $5, make_interval(secs => $6), $7,
                    quota_stamp(0, $5, make_interval(secs => $6), $7, $8))
            on conflict (app_id, account_id, region, operation) do nothing
            """;
    // The next request is possible one spacing of the whole plan later; from then on our smaller share counts.
    private static final String EMPTY =
            """
            update quota_bucket b
            set share = greatest($7, least(b.share, $5) * $8),
                full_at = quota_stamp(1, b.burst, b.spacing, greatest($7, least(b.share, $5) * $8),
                    greatest($6::timestamptz + b.spacing,
                             quota_next(b.full_at, b.burst, b.spacing, least(b.share, $5))))
            where """
                    + KEY + " returning quota_next(b.full_at, b.burst, b.spacing, b.share) as next_at";
    private static final String NEW_SPACING = "coalesce(make_interval(secs => $7), b.spacing)";
    private static final String NEW_SHARE = "least($5, b.share + $8)";
    // Whatever changes, the number of requests in the bucket does not grow. Amazon counts from when a request arrives:
    // at
    // the latest now, when it is answered.
    private static final String SETTLE = "update quota_bucket b set spacing = " + NEW_SPACING + ", share = " + NEW_SHARE
            + ", learned_at = case when $7::float8 is null then b.learned_at else $6 end"
            + ", full_at = greatest($6::timestamptz + quota_each(" + NEW_SPACING + ", " + NEW_SHARE + "), "
            + "quota_stamp(quota_tokens(b.full_at, b.burst, b.spacing, least(b.share, $5), $6), b.burst, "
            + NEW_SPACING + ", " + NEW_SHARE + ", $6)) where " + KEY
            + " and (b.spacing <> " + NEW_SPACING + " or b.share <> " + NEW_SHARE
            + " or $7::float8 is not null and coalesce(b.learned_at < $6::timestamptz - interval '1 hour', true)"
            + " or b.full_at < $6::timestamptz + quota_each(" + NEW_SPACING + ", " + NEW_SHARE + "))";

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
        Tuple values = planned(key, now).addUUID(job).addLong(epoch);
        return pool.preparedQuery(TAKE)
                .execute(values)
                .chain(rows -> rows.rowCount() == 1
                        ? Uni.createFrom().item(new QuotaDecision.Taken())
                        : whyNot(key, job, epoch, now));
    }

    /** After a 429: nothing is left, whatever we believed, and our share is too large. Gives the next attempt. */
    public Uni<Instant> empty(BucketKey key, Instant now) {
        Tuple values = keyed(key)
                .addDouble(plan.share())
                .addValue(now.atOffset(UTC))
                .addDouble(plan.smallestShare())
                .addDouble(plan.shareCut());
        return pool.preparedQuery(EMPTY)
                .execute(values)
                .map(rows -> guarded(rows.iterator().next()));
    }

    /**
     * Takes in what the answer to a request tells, or that there was none.
     *
     * @param ratePerSecond Amazon's rate header. It may lengthen the published spacing, never shorten it; nonsense is ignored
     * @param granted whether Amazon let the request through for its quota's sake
     */
    public Uni<Void> settle(BucketKey key, OptionalDouble ratePerSecond, boolean granted, Instant now) {
        Tuple values = keyed(key)
                .addDouble(plan.share())
                .addValue(now.atOffset(UTC))
                .addDouble(believed(key.operation(), ratePerSecond))
                .addDouble(granted ? plan.shareStep() : 0);
        return pool.preparedQuery(SETTLE).execute(values).replaceWithVoid();
    }

    private @Nullable Double believed(Operation operation, OptionalDouble ratePerSecond) {
        double rate = ratePerSecond.orElse(Double.NaN);
        if (!(rate > 0) || 1 / rate > seconds(plan.longestSpacing())) {
            return null;
        }
        return Math.max(seconds(operation.spacing()), 1 / rate);
    }

    private Uni<QuotaDecision> whyNot(BucketKey key, UUID job, long epoch, Instant now) {
        Tuple values = keyed(key)
                .addDouble(plan.share())
                .addUUID(job)
                .addLong(epoch)
                .addInteger(key.operation().burst())
                .addDouble(seconds(key.operation().spacing()))
                .addValue(now.atOffset(UTC));
        return pool.preparedQuery(NEXT).execute(values).chain(rows -> {
            if (rows.rowCount() == 0) {
                return Uni.createFrom().item(new QuotaDecision.LeaseLost());
            }
            Row row = rows.iterator().next();
            if (row.getOffsetDateTime("next_at") == null) {
                return beginEmpty(key, now).chain(() -> whyNot(key, job, epoch, now));
            }
            return row.getBoolean("current")
                    ? Uni.createFrom().item(new QuotaDecision.Wait(guarded(row)))
                    : adopt(key, now).chain(() -> take(key, job, epoch, now));
        });
    }

    /** Another plan is configured than when the bucket was last used, or what an answer told has lapsed. */
    private Uni<Void> adopt(BucketKey key, Instant now) {
        return pool.preparedQuery(ADOPT).execute(planned(key, now)).replaceWithVoid();
    }

    private Uni<Void> beginEmpty(BucketKey key, Instant now) {
        return pool.preparedQuery(BEGIN_EMPTY).execute(planned(key, now)).replaceWithVoid();
    }

    private Instant guarded(Row row) {
        return row.getOffsetDateTime("next_at").toInstant().plus(plan.guard());
    }

    private Tuple planned(BucketKey key, Instant now) {
        return keyed(key)
                .addInteger(key.operation().burst())
                .addDouble(seconds(key.operation().spacing()))
                .addDouble(plan.share())
                .addValue(now.atOffset(UTC));
    }

    private static Tuple keyed(BucketKey key) {
        return Tuple.tuple()
                .addString(key.appId())
                .addString(key.accountId())
                .addString(key.region())
                .addString(key.operation().name());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
