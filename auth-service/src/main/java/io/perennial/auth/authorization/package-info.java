/**
 * From a consent link to an accepted grant: landing page, authorization request, callback, guards, promotion.
 */
@NullMarked
package io.perennial.auth.authorization;

import org.jspecify.annotations.NullMarked;
