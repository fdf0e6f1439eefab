/**
 * Reports as a second way to the same orders (Reports 2021-06-30, {@code
 * GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL}): many orders for few requests, ready after some minutes.
 *
 * <p>A document is packed, tab separated and behind a link of five minutes. What is packed is held up to a limit, what is
 * unpacked is read line by line, up to a limit too, and never held. Only the columns that {@code OrderFetched} needs are
 * looked at: whatever tells of a buyer or an address is dropped with its line. {@code backfill} decides what follows.
 */
@NullMarked
package io.perennial.fetch.report;

import org.jspecify.annotations.NullMarked;
