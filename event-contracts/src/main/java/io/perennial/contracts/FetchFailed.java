package io.perennial.contracts;

import java.util.UUID;

/** A fetch gave up; what it had read stays read. */
public record FetchFailed(ConnectionRef about, UUID fetchId, FetchReason reason, String code)
        implements ConnectionEvent {}
