/** Ways into the service's fetches for benchmarks. */
@NullMarked
package io.perennial.fetch.backfill;

import org.jspecify.annotations.NullMarked;
