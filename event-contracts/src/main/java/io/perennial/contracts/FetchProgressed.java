package io.perennial.contracts;

import java.util.UUID;

/** A fetch has stored further pages. */
public record FetchProgressed(
        ConnectionRef about,
        UUID fetchId,
        FetchReason reason,
        int pages,
        int ordersNew,
        int ordersUpdated,
        int ordersUnchanged)
        implements ConnectionEvent {}
