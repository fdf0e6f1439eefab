/**
 * Access tokens, as auth-service hands them out.
 *
 * <p>They are kept in memory only, for seconds, and dropped when Amazon refuses one or the connection changes. The answers of
 * auth-service are values; a connection's state is never guessed from them, that is what events are for.
 */
@NullMarked
package io.perennial.fetch.access;

import org.jspecify.annotations.NullMarked;
