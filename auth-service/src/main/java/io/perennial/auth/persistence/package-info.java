/**
 * How this service opens database transactions. Every capability uses it; it knows none of them.
 */
@NullMarked
package io.perennial.auth.persistence;

import org.jspecify.annotations.NullMarked;
