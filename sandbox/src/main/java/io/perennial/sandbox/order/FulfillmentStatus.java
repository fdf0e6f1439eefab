package io.perennial.sandbox.order;

/** Names as in the Orders API, version 2026-01-01. */
public enum FulfillmentStatus {
    PENDING_AVAILABILITY,
    PENDING,
    UNSHIPPED,
    PARTIALLY_SHIPPED,
    SHIPPED,
    CANCELLED,
    UNFULFILLABLE
}
