/** How each day was loaded, as a grid of small lettered squares. */
@NullMarked
package io.perennial.console.loadstatus;

import org.jspecify.annotations.NullMarked;
