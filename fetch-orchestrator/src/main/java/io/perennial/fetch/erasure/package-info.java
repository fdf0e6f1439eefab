/**
 * Takes back what was fetched of a connection that was given up: a tombstone for each of its orders, then what we remember of
 * them ourselves.
 *
 * <p>A batch is one short transaction that deletes digests and writes the tombstones of the same orders, under the
 * connection's lock. So each order has its tombstone exactly when its digest is gone; killed anywhere, it goes on with the
 * next batch. Nothing can be fetched meanwhile or afterwards: the event that begins an erasure cancels all fetches in its
 * own transaction, and a page that comes later finds its fetch cancelled.
 */
@NullMarked
package io.perennial.fetch.erasure;

import org.jspecify.annotations.NullMarked;
