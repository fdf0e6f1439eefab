package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;

/** Everything the fetch was planned for is read. */
public record FetchCompleted(
        ConnectionRef about,
        UUID fetchId,
        FetchReason reason,
        Instant from,
        Instant to,
        int pages,
        int ordersNew,
        int ordersUpdated,
        int ordersUnchanged)
        implements ConnectionEvent {}
