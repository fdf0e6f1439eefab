package io.perennial.contracts;

import org.jspecify.annotations.Nullable;

/**
 * A line of an order.
 *
 * @param orderItemId of the provider; where the order was read from a report, which has none, {@code line-1} and so on
 * @param price of one piece; absent where it is not known
 */
public record OrderItem(
        String orderItemId, @Nullable String sku, @Nullable String asin, int quantity, @Nullable Money price) {}
