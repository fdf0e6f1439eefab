package io.perennial.auth.authorization.guard;

/** What the account guard finds. */
public enum Finding {
    MATCHES,
    /** Another account's id. */
    ACCOUNT_ID,
    /** The id is right, but none of the marketplaces is. */
    MARKETPLACES,
    /** The id is right, but the store has another name. */
    STORE_NAME,
    /** The id is right, but an order of the account can not be found. */
    ORDER_UNKNOWN,
    /** Nothing speaks against the account, and nothing for it: an operator decides. */
    NO_EVIDENCE,
    /** The provider does not say at the moment. */
    UNDECIDED;

    /** Whether it is surely another account. */
    public boolean contradicts() {
        return this == ACCOUNT_ID || this == MARKETPLACES || this == STORE_NAME || this == ORDER_UNKNOWN;
    }
}
