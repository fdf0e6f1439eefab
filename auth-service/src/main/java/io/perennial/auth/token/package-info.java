/**
 * Grants, access tokens, and the only client of the provider's token endpoint. Gives out access tokens, one refresh
 * however many ask; never a refresh token.
 */
@NullMarked
package io.perennial.auth.token;

import org.jspecify.annotations.NullMarked;
