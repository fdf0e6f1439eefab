package io.perennial.secret;

/** The long-lived token of a grant. At most 2,048 bytes at Amazon. */
public final class RefreshToken extends Secret {
    public RefreshToken(String text) {
        super(text);
    }
}
