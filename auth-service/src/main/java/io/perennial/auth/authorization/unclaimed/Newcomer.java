package io.perennial.auth.authorization.unclaimed;

import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.UUID;

/** A merchant of no connection on his way to the provider and back. */
public record Newcomer(
        UUID id,
        UUID app,
        Provider provider,
        Region region,
        String accountId,
        byte[] browserHash,
        String locale,
        boolean waitsForCallback,
        Instant startedAt,
        Instant expiresAt) {
    @Override
    public String toString() {
        return "Newcomer[" + id + "]";
    }
}
