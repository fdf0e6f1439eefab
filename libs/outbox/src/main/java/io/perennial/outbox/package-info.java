/**
 * Publishes events that a service wrote in the same transaction as the change they tell of.
 *
 * <p>Writers insert rows through {@link io.perennial.outbox.Outbox}, {@link io.perennial.outbox.SessionOutbox} or plain
 * SQL, under the lock of the aggregate's row. Relays publish them: at least once, in order per key, also when a relay is
 * killed or frozen. The key's slot has one owner by a lease, and the owner's {@code transactional.id} makes the broker
 * refuse whoever owned it before.
 */
@NullMarked
package io.perennial.outbox;

import org.jspecify.annotations.NullMarked;
