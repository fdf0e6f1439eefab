/**
 * Amazon's quota, kept in the database: one bucket per application, account, region and operation.
 *
 * <p>A request is made only after one atomic statement took a token from its bucket; nothing is remembered in memory, so
 * restarts and replicas change nothing. All instants are the domain clock's. Called by {@code backfill} alone.
 */
@NullMarked
package io.perennial.fetch.quota;

import org.jspecify.annotations.NullMarked;
