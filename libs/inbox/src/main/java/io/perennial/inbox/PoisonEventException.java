package io.perennial.inbox;

import java.util.UUID;

/**
 * An event that this consumer can never handle, whatever the state of the world. It goes to the dead-letter topic with
 * the reason; the reason ends in a header, so it must not quote the payload. There is no cause for the same reason.
 */
public final class PoisonEventException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UUID eventId;

    public PoisonEventException(UUID eventId, String reason) {
        super(reason);
        this.eventId = eventId;
    }

    /** The event, by its {@code ce_id}. */
    public UUID eventId() {
        return eventId;
    }
}
