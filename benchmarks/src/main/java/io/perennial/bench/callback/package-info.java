/** How many consents are accepted in a second, and how long one takes. */
@NullMarked
package io.perennial.bench.callback;

import org.jspecify.annotations.NullMarked;
