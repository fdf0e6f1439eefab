/**
 * The pages of the central hosts: sign in (the browser remembers the last account, which is the trap that merchants fall
 * into), consent, Manage Your Apps and the Login URI leg of a renewal that starts there. Plain forms, no scripts.
 */
@NullMarked
package io.perennial.sandbox.consent;

import org.jspecify.annotations.NullMarked;
