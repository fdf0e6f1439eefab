package io.perennial.contracts;

/** Why nothing is asked of the provider for an application and region. */
public enum OutageReason {
    /** The client credentials are refused: wrong, rotated or expired. */
    CLIENT_REFUSED,
    /** The provider throttles every request. */
    THROTTLED,
    /** The provider answers with errors, with what is no answer of its protocol, or not at all. */
    PROVIDER_BROKEN,
    /** Many grants that should live were refused at once: not the merchants' will. */
    MASS_REFUSAL
}
