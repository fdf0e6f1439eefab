/**
 * What token-monitor knows of each connection: one row, folded from the events of auth-service.
 *
 * <p>An event of a lower generation than one already seen has no effect, whatever the order of arrival; a disconnected
 * connection stays so. The plan of announcements follows from the end of the grant by the policy of {@code expiry}.
 */
@NullMarked
package io.perennial.monitor.connectionview;

import org.jspecify.annotations.NullMarked;
