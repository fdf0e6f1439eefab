package io.perennial.contracts;

import org.jspecify.annotations.Nullable;

/** A line of an order. */
public record OrderItem(
        String orderItemId, @Nullable String sku, @Nullable String asin, int quantity, @Nullable Money price) {}
