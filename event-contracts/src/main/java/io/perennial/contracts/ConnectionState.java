package io.perennial.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The current state of a connection, for readers that begin in the middle. Latest record per key wins. */
public record ConnectionState(
        ConnectionRef about,
        ConnectionStatus state,
        boolean usable,
        String label,
        List<String> marketplaces,
        @Nullable String accountId,
        @Nullable String accountName,
        @Nullable Instant authorizedAt,
        @Nullable Instant renewedAt,
        @Nullable Instant endsAt,
        @Nullable EndsAtSource endsAtSource)
        implements ConnectionEvent {}
