package io.perennial.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the provider said of a subscription.
 *
 * @param reason why the state is unknown; null otherwise
 */
public record SubscriptionCheck(SubscriptionState state, @Nullable String reason, Instant checkedAt) {}
