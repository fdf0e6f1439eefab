package io.perennial.contracts;

/** Why orders are fetched. */
public enum FetchReason {
    /** The first orders after the first consent. */
    FIRST_LOAD,
    /** What was missed until a renewal. */
    RENEWAL_GAP,
    /** The daily fetch. */
    DAILY,
    /** Somebody asked: "Fetch My Data". */
    MANUAL
}
