package io.perennial.contracts;

import java.time.Instant;

/** A stage before the end is reached. Stage 0 is the end itself. */
public record TokenExpiring(ConnectionRef about, int stage, int daysLeft, Instant endsAt) implements ConnectionEvent {}
