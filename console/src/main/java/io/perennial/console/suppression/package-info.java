/** Who is not written to, and which connections nobody hears of. Addresses are in no service but one, and not here. */
@NullMarked
package io.perennial.console.suppression;

import org.jspecify.annotations.NullMarked;
