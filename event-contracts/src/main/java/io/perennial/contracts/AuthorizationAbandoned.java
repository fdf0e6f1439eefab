package io.perennial.contracts;

import java.time.Instant;

/** An attempt to authorize ended without an answer (the provider sends nothing on cancel). */
public record AuthorizationAbandoned(ConnectionRef about, Instant startedAt) implements ConnectionEvent {}
