package io.perennial.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The provider refuses the grant before its end, and a second look confirmed it. */
public record TokenRevoked(ConnectionRef about, Instant suspectSince, @Nullable Instant endsAt)
        implements ConnectionEvent {}
