package io.perennial.auth.authorization.unclaimed;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A consent that waits for its connection.
 *
 * @param reference what the merchant reads on his page and tells the support
 * @param claimUntil when it is destroyed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Unclaimed(
        UUID id,
        String reference,
        UUID app,
        Provider provider,
        Region region,
        String accountId,
        @Nullable String accountName,
        List<String> accountMarketplaces,
        Instant grantedAt,
        Instant claimUntil) {}
