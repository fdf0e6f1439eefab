package io.perennial.secret;

/** The short-lived token that calls carry. */
public final class AccessToken extends Secret {
    public AccessToken(String text) {
        super(text);
    }
}
