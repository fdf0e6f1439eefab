package io.perennial.auth.token.amazon;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Proof key for code exchange (RFC 7636): a code is worth something only together with this text, of which the consent page
 * learns the hash alone. Made from the browser's secret and the state, so that it is stored nowhere and a code that was
 * brought from another attempt, browser or region is refused by the provider.
 */
public final class CodeVerifier {
    private static final String PURPOSE = "code-verifier\n";

    private final String text;

    private CodeVerifier(String text) {
        this.text = text;
    }

    public static CodeVerifier of(String browser, String state) {
        return new CodeVerifier(hash(PURPOSE + browser + "\n" + state));
    }

    /** What the consent page is told; method S256. */
    public String challenge() {
        return hash(text);
    }

    String text() {
        return text;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "CodeVerifier[hidden]";
    }
}
