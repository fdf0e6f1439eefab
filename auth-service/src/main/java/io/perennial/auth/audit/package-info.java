/**
 * Who did what to which connection: append-only, without secrets, written in the transaction of the deed.
 */
@NullMarked
package io.perennial.auth.audit;

import org.jspecify.annotations.NullMarked;
