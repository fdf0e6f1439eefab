/**
 * Keeps the console's own tables up to date from events.
 *
 * <p>A batch is folded in memory to one value per row and written by one statement per table, in the transaction of the
 * inbox. A connection's state comes from {@code perennial.connection-state.v1} alone; all other topics tell its history
 * and what went wrong, which is void once the connection has a higher generation. Every statement takes its rows in the
 * order of their ids, so that two consumers can not deadlock.
 */
@NullMarked
package io.perennial.console.projection;

import org.jspecify.annotations.NullMarked;
