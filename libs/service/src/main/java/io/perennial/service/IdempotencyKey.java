package io.perennial.service;

import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A caller's promise that two requests are one.
 *
 * <p>The resource that a request creates stores key and hash beside its creator, under a unique index. The same request
 * again finds the resource and gets the same answer; another request with the same key is refused.
 *
 * @param key the caller's own, 1 to 255 visible characters
 * @param requestHash fingerprint of the request
 */
public record IdempotencyKey(String key, String requestHash) {
    /** Name of the header. */
    public static final String HEADER = "Idempotency-Key";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

    /**
     * Reads the header.
     *
     * @param request the request in a form that is equal for equal requests
     * @return null when the caller sent no key
     */
    public static @Nullable IdempotencyKey of(@Nullable String header, Object request) {
        if (header == null) {
            return null;
        }
        if (!FORM.matcher(header).matches()) {
            throw ProblemException.invalidField(HEADER, "must be 1 to 255 visible ASCII characters");
        }
        return new IdempotencyKey(header, hash(request.toString()));
    }

    /** Refuses another request under the same key. */
    public void requireSameRequest(String storedHash) {
        if (!storedHash.equals(requestHash)) {
            throw new ProblemException(
                    StandardProblem.IDEMPOTENCY_KEY_REUSED, "Use a new Idempotency-Key for another request.");
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
