/**
 * What is due, and its announcement. {@link io.perennial.monitor.expiry.ExpiryPolicy} decides, purely;
 * {@link io.perennial.monitor.expiry.ExpiryLoop} claims due rows, moves them on and writes their events in one statement
 * per batch, so that a stage is announced exactly once however many replicas run. A row that was looked at has left the
 * due set. The other capabilities use the policy and wake the loop; this one knows none of them.
 */
@NullMarked
package io.perennial.monitor.expiry;

import org.jspecify.annotations.NullMarked;
