package io.perennial.sandbox.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** A random secret. Only {@link #hash()} may be stored; {@link #reveal()} is for the one answer that hands it out. */
public final class OpaqueToken {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final String value;

    private OpaqueToken(String value) {
        this.value = value;
    }

    public static OpaqueToken random(String prefix, int bytes) {
        byte[] content = new byte[bytes];
        RANDOM.nextBytes(content);
        return new OpaqueToken(prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(content));
    }

    public String reveal() {
        return value;
    }

    public String hash() {
        return hash(value);
    }

    public static String hash(String value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "OpaqueToken[redacted]";
    }
}
