package io.perennial.fetch.orders;

import io.perennial.contracts.SubscriptionState;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What Amazon answered, if it did.
 *
 * @param reason why the state is unknown; null otherwise
 * @param ratePerSecond Amazon's rate header, where it came and is a number
 */
public record SubscriptionReply(SubscriptionState state, @Nullable String reason, OptionalDouble ratePerSecond) {
    /** The reason after a 429. */
    public static final String THROTTLED = "THROTTLED";

    public static SubscriptionReply unknown(String reason) {
        return new SubscriptionReply(SubscriptionState.UNKNOWN, reason, OptionalDouble.empty());
    }
}
