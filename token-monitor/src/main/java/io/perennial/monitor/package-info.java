/**
 * token-monitor: knows when every grant ends and announces it in time. It learns of connections from events alone and
 * never talks to a provider.
 */
@NullMarked
package io.perennial.monitor;

import org.jspecify.annotations.NullMarked;
