/** Benchmarks with limits and peers in the same run. */
@NullMarked
package io.perennial.bench;

import org.jspecify.annotations.NullMarked;
