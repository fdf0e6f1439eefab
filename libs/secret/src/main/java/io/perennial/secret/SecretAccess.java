package io.perennial.secret;

/** Permission to read a secret's text. Whoever asks for one says what for, and an architecture test checks who asks. */
public final class SecretAccess {
    private static final SecretAccess INSTANCE = new SecretAccess();

    private SecretAccess() {}

    /** To send the text to the party that issued it, over TLS. */
    public static SecretAccess forTheWire() {
        return INSTANCE;
    }

    /** To encrypt the text for storage. */
    public static SecretAccess forSealing() {
        return INSTANCE;
    }
}
