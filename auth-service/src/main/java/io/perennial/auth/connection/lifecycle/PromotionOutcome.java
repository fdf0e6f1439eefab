package io.perennial.auth.connection.lifecycle;

/** What became of a consent at the last gate. */
public enum PromotionOutcome {
    PROMOTED,
    /** Another consent was promoted meanwhile. */
    SUPERSEDED,
    /** The connection was given up meanwhile. */
    REFUSED
}
