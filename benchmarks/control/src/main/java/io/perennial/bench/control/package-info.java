/** A service without anything that is not needed for the work itself: no checks, no sealing, no events that leave. */
@NullMarked
package io.perennial.bench.control;

import org.jspecify.annotations.NullMarked;
