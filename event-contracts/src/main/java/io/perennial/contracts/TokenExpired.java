package io.perennial.contracts;

import java.time.Instant;

/** The grant is past its end and the provider refuses it. */
public record TokenExpired(ConnectionRef about, Instant endsAt) implements ConnectionEvent {}
