package io.perennial.sandbox.authorization;

import io.perennial.sandbox.token.OpaqueToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Proof key for code exchange (RFC 7636), method S256. */
final class CodeChallenge {

    private CodeChallenge() {}

    /** Whoever began with a challenge must end with its verifier; a verifier without challenge is nobody's. */
    static boolean met(@Nullable String challenge, @Nullable String verifier) {
        if (challenge == null || verifier == null) {
            return challenge == null && verifier == null;
        }
        return OpaqueToken.same(challenge, of(verifier));
    }

    private static String of(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
