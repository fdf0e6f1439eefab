package io.perennial.fetch.orders;

import org.jspecify.annotations.Nullable;

/**
 * An order that can not be read.
 *
 * @param orderId null if it has not the form of an order id
 * @param reason names the field, never its content
 */
public record SetAsideOrder(@Nullable String orderId, String reason) {}
