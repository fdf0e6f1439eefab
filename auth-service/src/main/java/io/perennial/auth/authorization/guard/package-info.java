/**
 * Whether a consent came from the account it should come from: the id of the callback, and what shows that it is true.
 */
@NullMarked
package io.perennial.auth.authorization.guard;

import org.jspecify.annotations.NullMarked;
