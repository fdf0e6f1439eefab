package io.perennial.notify.connection;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.UUID;

/** A connection, locked by the transaction that read it. */
public record ConnectionRow(
        UUID connectionId,
        String tenantId,
        String externalId,
        Provider provider,
        Region region,
        int generation,
        boolean disconnected,
        long eventSequence) {

    /** What an event of ours is about. */
    public ConnectionRef about(int ofGeneration, Instant occurredAt) {
        return new ConnectionRef(tenantId, connectionId, externalId, provider, region, ofGeneration, occurredAt);
    }

    /** Whether something about this generation still matters. */
    public boolean isCurrent(int ofGeneration) {
        return !disconnected && ofGeneration == generation;
    }
}
