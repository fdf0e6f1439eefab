package io.perennial.contracts;

/** Whether a grant opens an advertising profile. */
public enum ProfileAccess {
    OPEN,
    /** Chosen, but the provider does not list it (any more). */
    NO_ACCESS
}
