/** Campaigns: many merchants are asked to authorize again, and how far they came. */
@NullMarked
package io.perennial.console.campaign;

import org.jspecify.annotations.NullMarked;
