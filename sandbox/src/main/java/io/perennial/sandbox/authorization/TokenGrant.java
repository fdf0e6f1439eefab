package io.perennial.sandbox.authorization;

import io.perennial.sandbox.token.OpaqueToken;
import org.jspecify.annotations.Nullable;

/** How a token request ended. */
public sealed interface TokenGrant {

    /** @param refreshToken absent for a grantless token */
    record Granted(String accessToken, @Nullable String refreshToken, @Nullable String sellerId) implements TokenGrant {

        static Granted of(OpaqueToken access, @Nullable String refreshToken, @Nullable String sellerId) {
            return new Granted(access.reveal(), refreshToken, sellerId);
        }

        @Override
        public String toString() {
            return "Granted[redacted]";
        }
    }

    /** Expired, revoked, used, foreign or garbage: Amazon does not say which. */
    record InvalidGrant(@Nullable String sellerId) implements TokenGrant {}

    /** The refresh token belongs to another application. */
    record OtherApplication(@Nullable String sellerId) implements TokenGrant {}
}
