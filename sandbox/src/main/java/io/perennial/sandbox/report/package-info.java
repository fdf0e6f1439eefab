/**
 * Reports 2021-06-30: ordered, processed in a few minutes of domain time, fetched by a link of five minutes. One type, the flat
 * file of all orders by last update; its content is what {@code order} computes for the moment at which processing ended.
 */
@NullMarked
package io.perennial.sandbox.report;

import org.jspecify.annotations.NullMarked;
