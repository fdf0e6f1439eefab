package io.perennial.contracts;

import java.time.Instant;

/** The data of an event. {@link EventType} names each kind and its topic. */
public sealed interface Event permits ConnectionEvent, PlatformEvent, TenantEvent {
    /** What the event is about; the CloudEvents subject, and the key of the record unless an event says otherwise. */
    String subject();

    /** When it happened, on the domain clock. */
    Instant occurredAt();
}
