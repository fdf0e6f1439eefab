/** Load on a service: a fixed number of clients, or a fixed rate. */
@NullMarked
package io.perennial.bench.load;

import org.jspecify.annotations.NullMarked;
