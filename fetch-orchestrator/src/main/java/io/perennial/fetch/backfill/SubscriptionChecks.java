package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.SubscriptionCheck;
import io.perennial.contracts.SubscriptionState;
import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.orders.SubscriptionClient;
import io.perennial.fetch.orders.SubscriptionReply;
import io.perennial.fetch.orders.SubscriptionsConfig;
import io.perennial.fetch.quota.BucketKey;
import io.perennial.fetch.quota.Operation;
import io.perennial.fetch.quota.QuotaBuckets;
import io.perennial.fetch.quota.QuotaDecision;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * After a renewal: does the application's own subscription to ORDER_CHANGE still stand? Asked beside the first page of the
 * gap, and again when the fetch goes on after a wait as long as it is not known. Whatever goes wrong here is UNKNOWN and
 * never the fetch's trouble.
 */
@ApplicationScoped
class SubscriptionChecks {
    private static final Logger LOG = Logger.getLogger(SubscriptionChecks.class);
    // What was found out stays: a later "unknown" says less.
    private static final String NOTE =
            """
            update fetch_job
            set subscription_state = $3, subscription_reason = $4, subscription_checked_at = $5,
                asked = case when $3 = 'UNKNOWN' or $6 = any(asked) then asked else asked || $6::text end
            where id = $1 and lease_epoch = $2
              and ($3 <> 'UNKNOWN' or subscription_state is null or subscription_state = 'UNKNOWN')
            """;
    private static final String FIND =
            """
            select subscription_state, subscription_reason, subscription_checked_at from fetch_job
            where id = $1 and subscription_state is not null
            """;

    private final Pool pool;
    private final QuotaBuckets quota;
    private final SubscriptionClient amazon;
    private final SubscriptionsConfig config;
    private final DomainClock clock;
    private final Operation getSubscription;

    SubscriptionChecks(
            Pool pool, QuotaBuckets quota, SubscriptionClient amazon, SubscriptionsConfig config, DomainClock clock) {
        this.pool = pool;
        this.quota = quota;
        this.amazon = amazon;
        this.config = config;
        this.clock = clock;
        this.getSubscription = new Operation(SubscriptionClient.OPERATION, config.burst(), config.spacing());
    }

    /** Whether the job is to say it and does not know yet. */
    boolean wanted(FetchJob job) {
        return config.enabled()
                && job.reason() == FetchReason.RENEWAL_GAP
                && !job.asked().contains(getSubscription.name());
    }

    /** The job after the question. */
    FetchJob asked(FetchJob job) {
        return job.running(getSubscription);
    }

    /** Asks and notes the answer in the job. Never fails. */
    Uni<Void> check(FetchJob job, AccessAnswer.Granted access) {
        BucketKey bucket = new BucketKey(access.appId(), access.accountId(), access.region(), getSubscription);
        return quota.take(bucket, job.id(), job.epoch(), clock.instant())
                .chain(decision -> {
                    if (decision instanceof QuotaDecision.Taken) {
                        return ask(bucket, access).chain(reply -> note(job, reply));
                    }
                    return decision instanceof QuotaDecision.Wait
                            ? note(job, SubscriptionReply.unknown(SubscriptionReply.THROTTLED))
                            : Uni.createFrom().voidItem();
                })
                .onFailure()
                .invoke(failure -> LOG.warnf("The subscription of fetch %s was not asked for: %s", job.id(), failure))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<SubscriptionReply> ask(BucketKey bucket, AccessAnswer.Granted access) {
        return amazon.orderChange(access).call(reply -> {
            boolean throttled = SubscriptionReply.THROTTLED.equals(reply.reason());
            boolean granted = reply.state() != SubscriptionState.UNKNOWN;
            return throttled
                    ? quota.empty(bucket, clock.instant()).replaceWithVoid()
                    : quota.settle(bucket, reply.ratePerSecond(), granted, clock.instant());
        });
    }

    private Uni<Void> note(FetchJob job, SubscriptionReply reply) {
        Tuple values = Tuple.tuple()
                .addUUID(job.id())
                .addLong(job.epoch())
                .addString(reply.state().name())
                .addString(reply.reason())
                .addValue(clock.instant().atOffset(UTC))
                .addString(getSubscription.name());
        return pool.preparedQuery(NOTE).execute(values).replaceWithVoid();
    }

    /** What the job has found out; empty if it did not ask. */
    Uni<Optional<SubscriptionCheck>> of(SqlConnection tx, UUID job) {
        return tx.preparedQuery(FIND).execute(Tuple.of(job)).map(rows -> {
            for (Row row : rows) {
                return Optional.of(of(row));
            }
            return Optional.empty();
        });
    }

    /** From the columns of a fetch that has asked. */
    static SubscriptionCheck of(Row row) {
        return new SubscriptionCheck(
                SubscriptionState.valueOf(row.getString("subscription_state")),
                row.getString("subscription_reason"),
                row.getOffsetDateTime("subscription_checked_at").toInstant());
    }
}
