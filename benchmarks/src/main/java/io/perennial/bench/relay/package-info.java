/** The way of outbox rows to the broker, beside the limits of both ends and beside other relays. */
@NullMarked
package io.perennial.bench.relay;

import org.jspecify.annotations.NullMarked;
