/** What clients make of a usage plan, on a virtual clock: theirs as models of their published code, ours as it is. */
@NullMarked
package io.perennial.bench.budget;

import org.jspecify.annotations.NullMarked;
