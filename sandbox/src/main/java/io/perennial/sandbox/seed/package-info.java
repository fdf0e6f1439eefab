/** Deterministic chance: the same seed gives the same population, orders and faults on every machine and JDK. */
@NullMarked
package io.perennial.sandbox.seed;

import org.jspecify.annotations.NullMarked;
