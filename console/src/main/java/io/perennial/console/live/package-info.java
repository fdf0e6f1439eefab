/**
 * Tells open pages what changed.
 *
 * <p>While at least one page is open, the process asks its database a few times a second for connections that were
 * changed by transactions it has not seen the end of. So every replica tells its own pages everything, whichever replica
 * took the event from Kafka, and only what is committed; there is nothing to broadcast between replicas.
 */
@NullMarked
package io.perennial.console.live;

import org.jspecify.annotations.NullMarked;
