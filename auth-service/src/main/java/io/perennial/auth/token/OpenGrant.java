package io.perennial.auth.token;

import io.perennial.auth.vault.SealedWith;
import io.perennial.auth.vault.SealingPlace;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A grant with what is needed to use it; its secrets are still sealed.
 *
 * @param epoch how often its lease was taken when it was read: who leases it must have seen the last one's work
 * @param storeUnseen whether it is a seller's of whose store nothing is known, because the grant came without a consent here
 * @param suspended whether an operator stopped every use of its application
 * @param clientId the application's
 * @param api the provider's API in the connection's region
 */
record OpenGrant(
        UUID id,
        String tenantId,
        UUID connectionId,
        int generation,
        @Nullable String accountId,
        ConnectionStatus state,
        Provider provider,
        Region region,
        UUID app,
        List<String> marketplaces,
        SealedWith key,
        byte[] sealedRefreshToken,
        byte @Nullable [] sealedAccessToken,
        @Nullable Instant accessExpiresAt,
        long epoch,
        boolean storeUnseen,
        boolean suspended,
        String clientId,
        String api) {

    SealingPlace place() {
        return Grants.place(tenantId, connectionId, generation);
    }

    @Override
    public String toString() {
        return "OpenGrant[" + id + "]";
    }
}
