package io.perennial.contracts;

/** Whether a subscription at the provider is there. */
public enum SubscriptionState {
    /** The provider names it. */
    STANDS,
    /** The provider knows none: whoever relied on it must subscribe again. */
    MISSING,
    /** The provider could not be asked, or its answer says neither. */
    UNKNOWN
}
