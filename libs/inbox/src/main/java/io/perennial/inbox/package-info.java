/**
 * The Kafka edge of every consumer: each event has one effect, one bad record does not stop a partition, and no good one
 * is taken for bad.
 *
 * <p>{@link io.perennial.inbox.Inbox} decodes a batch, drops what was handled before, runs the consumer's handler in the
 * same transaction as the inbox rows, and acknowledges after the commit. Only records that can never be handled are
 * dead-lettered; any other failure is retried in place.
 */
@NullMarked
package io.perennial.inbox;

import org.jspecify.annotations.NullMarked;
