/**
 * Turns events into reminders.
 *
 * <p>The decision is pure ({@code RoutingPolicy}); everything of a batch happens in the inbox's transaction, under the
 * locks of the connections' rows. Events of a generation below the highest one seen have no effect.
 */
@NullMarked
package io.perennial.notify.routing;

import org.jspecify.annotations.NullMarked;
