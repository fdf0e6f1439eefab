package io.perennial.auth.vault;

/** What is sealed. */
public enum SecretKind {
    REFRESH_TOKEN,
    ACCESS_TOKEN,
    CLIENT_SECRET,
    CONSENT_LINK
}
