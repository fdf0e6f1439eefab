package io.perennial.contracts;

/** Whether an order was published before. */
public enum OrderChange {
    /** First time. */
    NEW,
    /** Published before with other content. */
    UPDATED
}
