package io.perennial.contracts;

/** How the first grant of a connection came to us. */
public enum GrantOrigin {
    /** The merchant consented through one of our links. */
    CONSENT,
    /** The integrator held it before and brought it along. */
    IMPORT
}
