package io.perennial.contracts;

import java.util.UUID;

/** A fetch waits for a renewal or for an operator. */
public record FetchParked(ConnectionRef about, UUID fetchId, FetchReason reason, String code)
        implements ConnectionEvent {}
