/** Merchants who came from Amazon's Appstore and belong to no connection yet. */
@NullMarked
package io.perennial.console.unclaimed;

import org.jspecify.annotations.NullMarked;
