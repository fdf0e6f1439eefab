/** Ways into the service's quota for benchmarks. */
@NullMarked
package io.perennial.fetch.quota;

import org.jspecify.annotations.NullMarked;
