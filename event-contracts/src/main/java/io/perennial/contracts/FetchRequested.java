package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;

/** A fetch was planned. */
public record FetchRequested(ConnectionRef about, UUID fetchId, FetchReason reason, Instant from, Instant to)
        implements ConnectionEvent {}
