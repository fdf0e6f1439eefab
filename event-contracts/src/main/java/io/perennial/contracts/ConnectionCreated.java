package io.perennial.contracts;

import java.util.List;

/** A connection was created; the merchant has not consented yet. */
public record ConnectionCreated(ConnectionRef about, String label, List<String> marketplaces)
        implements ConnectionEvent {}
