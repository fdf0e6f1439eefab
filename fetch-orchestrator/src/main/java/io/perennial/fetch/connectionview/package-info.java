/**
 * The little that fetching needs to know of connections, as auth-service's events tell it.
 *
 * <p>An event of a lower generation, or an older one of the same generation, has no effect. Every writer locks the
 * connection's row first; that lock orders the events which this service publishes about it. Used by all others.
 */
@NullMarked
package io.perennial.fetch.connectionview;

import org.jspecify.annotations.NullMarked;
