/**
 * fetch-orchestrator: reads the orders that are not covered yet, within Amazon's quota, and publishes each change once.
 *
 * <p>Dependencies of the capabilities, downwards: {@code schedule} (what causes a fetch) to {@code backfill} (planning and
 * running jobs) to {@code orders} and {@code profiles} (Amazon's answers) and {@code loadstatus}, and from there to {@code access},
 * {@code quota}, {@code outage}, {@code retry}, {@code watermark} and {@code connectionview}, which know nothing of each other.
 * {@code erasure} stands beside {@code backfill} and takes back what that has published.
 *
 * <p>All database work goes through the reactive PostgreSQL client: every transaction here holds set-based statements
 * (digests, outbox, coverage), and the client and Hibernate Reactive can not share a transaction.
 */
@NullMarked
package io.perennial.fetch;

import org.jspecify.annotations.NullMarked;
