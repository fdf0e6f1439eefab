package io.perennial.notify.operator;

import io.perennial.contracts.ConnectionRef;
import java.time.Instant;

/** A connection whose end, as it is known now, was told. */
public record EndMoved(ConnectionRef about, Instant endsAt) {}
