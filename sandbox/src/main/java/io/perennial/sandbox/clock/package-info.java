/**
 * The sandbox's own reading of the movable domain clock: machine time plus the offset in a file that every local process
 * shares. It never goes backwards.
 */
@NullMarked
package io.perennial.sandbox.clock;

import org.jspecify.annotations.NullMarked;
