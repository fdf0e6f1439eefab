package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;

/** An event of a connection. */
public non-sealed interface ConnectionEvent extends Event {
    /** The connection and generation that the event speaks of. */
    ConnectionRef about();

    @Override
    default UUID subject() {
        return about().connectionId();
    }

    @Override
    default Instant occurredAt() {
        return about().occurredAt();
    }
}
