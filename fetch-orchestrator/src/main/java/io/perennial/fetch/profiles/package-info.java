/**
 * Advertising profiles: which ones a connection is for, and what Amazon lists of them.
 *
 * <p>Ids are text from the first byte to the last: they are beyond 2^53. Amazon publishes no quota for this API; a 429 says
 * itself when to come again.
 */
@NullMarked
package io.perennial.fetch.profiles;

import org.jspecify.annotations.NullMarked;
