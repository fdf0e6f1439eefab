package io.perennial.contracts;

import java.time.Instant;

/** Weeks after the end, the connection still waits for a renewal. */
public record RenewalOverdue(ConnectionRef about, int week, Instant endsAt) implements ConnectionEvent {}
