package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything the fetch was planned for is read.
 *
 * @param sampleOrder the latest order of the last page: evidence of whose account it is; null if that page had none
 */
public record FetchCompleted(
        ConnectionRef about,
        UUID fetchId,
        FetchReason reason,
        Instant from,
        Instant to,
        int pages,
        int ordersNew,
        int ordersUpdated,
        int ordersUnchanged,
        @Nullable SampleOrder sampleOrder)
        implements ConnectionEvent {}
