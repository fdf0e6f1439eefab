package io.perennial.secret;

/** The single-use code that a consent sends back. */
public final class AuthorizationCode extends Secret {
    public AuthorizationCode(String text) {
        super(text);
    }
}
