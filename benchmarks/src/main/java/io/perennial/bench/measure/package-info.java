/** What every benchmark has in common: rounds, control probes, scores, counters and the results that are written. */
@NullMarked
package io.perennial.bench.measure;

import org.jspecify.annotations.NullMarked;
