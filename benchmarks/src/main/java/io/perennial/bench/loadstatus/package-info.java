/** The page that shows day by day what was loaded, beside one statement written by hand. */
@NullMarked
package io.perennial.bench.loadstatus;

import org.jspecify.annotations.NullMarked;
