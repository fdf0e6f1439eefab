package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;

/** A fetch asked for its first page. */
public record FetchStarted(ConnectionRef about, UUID fetchId, FetchReason reason, Instant from, Instant to)
        implements ConnectionEvent {}
