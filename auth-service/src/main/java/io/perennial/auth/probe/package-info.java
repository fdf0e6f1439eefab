/**
 * Asks the provider whether grants still work: every live grant within hours, at its end at once.
 */
@NullMarked
package io.perennial.auth.probe;

import org.jspecify.annotations.NullMarked;
