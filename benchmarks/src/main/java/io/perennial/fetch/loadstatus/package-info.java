/** Ways into the service's load status for benchmarks. */
@NullMarked
package io.perennial.fetch.loadstatus;

import org.jspecify.annotations.NullMarked;
