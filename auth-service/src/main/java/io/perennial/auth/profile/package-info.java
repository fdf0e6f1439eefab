/**
 * Advertising profiles: which ones a grant opens, which ones the merchant chose, and who holds them.
 */
@NullMarked
package io.perennial.auth.profile;

import org.jspecify.annotations.NullMarked;
