/**
 * Connections and their state. The one owner of a connection's state: every change happens here, under the row's lock,
 * by {@link io.perennial.auth.connection.lifecycle.ConnectionLifecycle}, together with the event that announces it.
 */
@NullMarked
package io.perennial.auth.connection;

import org.jspecify.annotations.NullMarked;
