package io.perennial.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Label, contacts, marketplaces or the known end of a connection changed. */
public record ConnectionUpdated(
        ConnectionRef about,
        String label,
        List<String> marketplaces,
        @Nullable Instant endsAt,
        @Nullable EndsAtSource endsAtSource)
        implements ConnectionEvent {}
