package io.perennial.contracts;

import java.util.UUID;

/** A consent came from an account that another connection of the tenant already holds. */
public record DuplicateRejected(ConnectionRef about, String accountId, UUID otherConnectionId)
        implements ConnectionEvent {}
