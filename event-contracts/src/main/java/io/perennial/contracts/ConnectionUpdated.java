package io.perennial.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Label, contacts, marketplaces, the known end or the chosen advertising profiles of a connection changed.
 *
 * @param profiles ids of the profiles that the connection is for from now on; absent where the choice did not change
 */
public record ConnectionUpdated(
        ConnectionRef about,
        String label,
        List<String> marketplaces,
        @Nullable Instant endsAt,
        @Nullable EndsAtSource endsAtSource,
        @Nullable List<String> profiles)
        implements ConnectionEvent {}
