package io.perennial.auth.connection.lifecycle;

/** What became of a consent at the last gate. */
public enum PromotionOutcome {
    PROMOTED,
    /** Another consent was promoted meanwhile. */
    SUPERSEDED,
    /** The connection was given up meanwhile. */
    REFUSED,
    /** Another tenant holds the account, and this deployment lets one tenant only. */
    HELD_BY_OTHER_TENANT
}
