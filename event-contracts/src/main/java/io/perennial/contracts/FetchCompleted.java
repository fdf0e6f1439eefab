package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything the fetch was planned for is read.
 *
 * @param sampleOrder the latest order of the last page: evidence of whose account it is; null if that page had none
 * @param orderChangeSubscription after a renewal: whether the app's own subscription to ORDER_CHANGE still stands; null
 *     after all other fetches
 * @param profiles of a snapshot of advertising profiles: how many stand open; null after all other fetches
 */
public record FetchCompleted(
        ConnectionRef about,
        UUID fetchId,
        FetchReason reason,
        Instant from,
        Instant to,
        int pages,
        int ordersNew,
        int ordersUpdated,
        int ordersUnchanged,
        @Nullable SampleOrder sampleOrder,
        @Nullable SubscriptionCheck orderChangeSubscription,
        @Nullable Integer profiles)
        implements ConnectionEvent {

    /** Of a fetch that did not ask for subscriptions. */
    public FetchCompleted(
            ConnectionRef about,
            UUID fetchId,
            FetchReason reason,
            Instant from,
            Instant to,
            int pages,
            int ordersNew,
            int ordersUpdated,
            int ordersUnchanged,
            @Nullable SampleOrder sampleOrder) {
        this(
                about,
                fetchId,
                reason,
                from,
                to,
                pages,
                ordersNew,
                ordersUpdated,
                ordersUnchanged,
                sampleOrder,
                null,
                null);
    }

    /** Of a snapshot of advertising profiles. */
    public static FetchCompleted ofProfiles(
            ConnectionRef about, UUID fetchId, FetchReason reason, Instant from, Instant to, int profiles) {
        return new FetchCompleted(about, fetchId, reason, from, to, 0, 0, 0, 0, null, null, profiles);
    }
}
