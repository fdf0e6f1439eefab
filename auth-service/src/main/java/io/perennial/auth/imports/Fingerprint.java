package io.perennial.auth.imports;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/** Chained hash of all lines so far: two files with the same one begin alike. */
final class Fingerprint {
    private final MessageDigest digest;
    private byte[] value = {};

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    void add(RawLine line) {
        digest.update(value);
        digest.update((byte) (line.tooLong() ? 1 : 0));
        value = digest.digest(line.bytes());
    }

    byte[] value() {
        return value.clone();
    }

    boolean is(byte[] other) {
        return Arrays.equals(value, other);
    }
}
