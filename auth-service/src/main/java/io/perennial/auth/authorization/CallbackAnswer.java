package io.perennial.auth.authorization;

import io.perennial.auth.token.amazon.CodeVerifier;
import io.perennial.secret.AuthorizationCode;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's callback brings.
 *
 * @param account whose consent it says to be; null where the provider does not say
 * @param verifier what the provider wants with the code; null where it was not told to
 */
record CallbackAnswer(AuthorizationCode code, @Nullable String account, @Nullable CodeVerifier verifier) {}
