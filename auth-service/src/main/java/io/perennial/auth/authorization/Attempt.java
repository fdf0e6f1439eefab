package io.perennial.auth.authorization;

import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An authorization request as it was when it was read. */
record Attempt(
        UUID id,
        byte[] browserHash,
        @Nullable UUID linkId,
        String tenantId,
        UUID connectionId,
        int generation,
        Provider provider,
        Region region,
        UUID appId,
        AuthorizationWay way,
        String locale,
        AuthorizationStatus status,
        Instant startedAt,
        Instant expiresAt,
        @Nullable UUID grantId,
        @Nullable String accountId,
        @Nullable String accountName,
        List<String> accountMarketplaces,
        @Nullable String reason,
        int attempts) {
    /** With a stored candidate that is being checked. */
    Attempt checking(UUID candidate, @Nullable String account) {
        return new Attempt(
                id,
                browserHash,
                linkId,
                tenantId,
                connectionId,
                generation,
                provider,
                region,
                appId,
                way,
                locale,
                AuthorizationStatus.CHECKING,
                startedAt,
                expiresAt,
                candidate,
                account,
                accountName,
                accountMarketplaces,
                reason,
                attempts);
    }

    @Override
    public String toString() {
        return "Attempt[" + id + " " + status + "]";
    }
}
