package io.perennial.contracts;

import java.time.Instant;

/** An event that concerns a tenant with all its connections. */
public non-sealed interface TenantEvent extends Event {
    /** The tenant that the event speaks of. */
    TenantRef about();

    @Override
    default String subject() {
        return about().tenantId();
    }

    @Override
    default Instant occurredAt() {
        return about().occurredAt();
    }
}
