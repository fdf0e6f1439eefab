/** The real parts that benchmarks run against, on random ports and in a directory of their own. */
@NullMarked
package io.perennial.bench.lab;

import org.jspecify.annotations.NullMarked;
