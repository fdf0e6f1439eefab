/**
 * Orders as Amazon answers them: one page of {@code searchOrders}, what it means, and what of it is news.
 *
 * <p>Only the fields that {@code OrderFetched} publishes are read; buyer and address are never asked for. Every answer,
 * however broken, becomes a {@link io.perennial.fetch.orders.ProviderAnswer}: nothing outside this package looks at status
 * codes or message texts. A digest per order decides whether a page tells something new.
 */
@NullMarked
package io.perennial.fetch.orders;

import org.jspecify.annotations.NullMarked;
