package io.perennial.auth.authorization;

import io.perennial.secret.AuthorizationCode;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's callback brings.
 *
 * @param account whose consent it says to be; null where the provider does not say
 */
record CallbackAnswer(AuthorizationCode code, @Nullable String account) {}
