/**
 * Forgets connections that were given up longer ago than any topic remembers. Runs once a day of the domain clock, on
 * whichever replica comes first; a jump over many days is one turn.
 */
@NullMarked
package io.perennial.monitor.retirement;

import org.jspecify.annotations.NullMarked;
