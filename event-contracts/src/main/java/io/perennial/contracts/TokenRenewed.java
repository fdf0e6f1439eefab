package io.perennial.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A later consent was accepted: a new grant took the place of the former one.
 *
 * @param endsAt absent where the grant has no end that is known: a private application that authorized itself
 */
public record TokenRenewed(
        ConnectionRef about,
        String accountId,
        @Nullable String accountName,
        List<String> marketplaces,
        Instant authorizedAt,
        @Nullable Instant endsAt,
        @Nullable EndsAtSource endsAtSource,
        @Nullable Instant previousEndsAt)
        implements ConnectionEvent {}
