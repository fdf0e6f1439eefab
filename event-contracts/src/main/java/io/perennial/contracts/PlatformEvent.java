package io.perennial.contracts;

import java.time.Instant;

/** An event that concerns those who operate the platform and no single merchant. */
public non-sealed interface PlatformEvent extends Event {
    /** The application at the provider that the event speaks of. */
    AppRef about();

    @Override
    default String subject() {
        return about().appId().toString();
    }

    @Override
    default Instant occurredAt() {
        return about().occurredAt();
    }
}
