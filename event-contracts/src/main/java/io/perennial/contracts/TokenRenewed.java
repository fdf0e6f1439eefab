package io.perennial.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A later consent was accepted: a new grant took the place of the former one. */
public record TokenRenewed(
        ConnectionRef about,
        String accountId,
        @Nullable String accountName,
        List<String> marketplaces,
        Instant authorizedAt,
        Instant endsAt,
        EndsAtSource endsAtSource,
        @Nullable Instant previousEndsAt)
        implements ConnectionEvent {}
