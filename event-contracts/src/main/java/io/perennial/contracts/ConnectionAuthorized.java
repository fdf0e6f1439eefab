package io.perennial.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first consent of a connection was accepted. */
public record ConnectionAuthorized(
        ConnectionRef about,
        String accountId,
        @Nullable String accountName,
        List<String> marketplaces,
        Instant authorizedAt,
        Instant endsAt,
        EndsAtSource endsAtSource)
        implements ConnectionEvent {}
