package io.perennial.fetch.backfill;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.SubscriptionCheck;
import io.perennial.contracts.SubscriptionState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fetch as callers see it.
 *
 * @param from update time it reads from
 * @param to update time it reads to
 * @param pages that were read; where reports are read, how many
 * @param pagesEstimated that it will have, by the seller's recent days; absent while nothing is known of him
 * @param lostFrom update time from which orders are missing that Amazon does not answer any more; they end where it begins
 * @param code why it waits, is parked or failed
 * @param message the same in plain words
 * @param orderChangeSubscription after a renewal
 * @param nextAttemptAt when the next page is asked for
 * @param earliestFinishAt when the quota lets the last of the estimated pages through, or Amazon is expected to have made the last
 *     report
 * @param strategy whether it reads pages or reports
 * @param strategyReason why, as a stable code
 * @param strategyMessage the same in plain words, with what both were estimated to take
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Fetch(
        UUID id,
        UUID connectionId,
        String tenantId,
        String externalId,
        FetchReason reason,
        FetchState state,
        Instant from,
        Instant to,
        @Nullable Instant lostFrom,
        int pages,
        @Nullable Integer pagesEstimated,
        int ordersNew,
        int ordersUpdated,
        int ordersUnchanged,
        int ordersSetAside,
        @Nullable String code,
        @Nullable String message,
        @Nullable Subscription orderChangeSubscription,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant earliestFinishAt,
        Strategy strategy,
        @Nullable String strategyReason,
        @Nullable String strategyMessage) {

    /**
     * Whether the application's subscription to ORDER_CHANGE still stands.
     *
     * @param reason why that is not known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Subscription(SubscriptionState state, @Nullable String reason, Instant checkedAt) {
        static Subscription of(SubscriptionCheck check) {
            return new Subscription(check.state(), check.reason(), check.checkedAt());
        }
    }
}
