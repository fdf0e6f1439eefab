package io.perennial.secret;

/** The secret of an application at the provider. */
public final class ClientSecret extends Secret {
    public ClientSecret(String text) {
        super(text);
    }
}
