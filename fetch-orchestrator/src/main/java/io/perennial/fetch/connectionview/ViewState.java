package io.perennial.fetch.connectionview;

/** The states of a connection that events tell of. */
public enum ViewState {
    PENDING,
    ACTIVE,
    EXPIRED,
    REVOKED,
    DISCONNECTED
}
