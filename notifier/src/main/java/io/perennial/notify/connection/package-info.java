/**
 * The connections as far as reminders need them: a small projection of events.
 *
 * <p>It holds the highest generation seen of each connection, so that late events have no effect, and its row is the lock
 * under which events about a connection get their order. No name, contact or link is kept here.
 */
@NullMarked
package io.perennial.notify.connection;

import org.jspecify.annotations.NullMarked;
