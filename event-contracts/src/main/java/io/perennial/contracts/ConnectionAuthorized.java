package io.perennial.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first consent of a connection was accepted.
 *
 * @param endsAt absent where the grant has no end that is known: a private application that authorized itself
 */
public record ConnectionAuthorized(
        ConnectionRef about,
        String accountId,
        @Nullable String accountName,
        List<String> marketplaces,
        Instant authorizedAt,
        @Nullable Instant endsAt,
        @Nullable EndsAtSource endsAtSource)
        implements ConnectionEvent {}
