/**
 * Two clocks that must not be confused.
 *
 * <p>The domain clock tells merchants' time: expiry, stages, windows, quota, the life of states, links, codes and tokens.
 * A sandbox may move it forward. The machine clock tells the time of leases, heartbeats and time-outs, and is never moved.
 */
@NullMarked
package io.perennial.clock;

import org.jspecify.annotations.NullMarked;
