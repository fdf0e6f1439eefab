package io.perennial.contracts;

import java.time.Instant;

/** An event of a connection. */
public non-sealed interface ConnectionEvent extends Event {
    /** The connection and generation that the event speaks of. */
    ConnectionRef about();

    @Override
    default String subject() {
        return about().connectionId().toString();
    }

    @Override
    default Instant occurredAt() {
        return about().occurredAt();
    }
}
