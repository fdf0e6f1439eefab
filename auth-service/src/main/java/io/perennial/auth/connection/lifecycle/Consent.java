package io.perennial.auth.connection.lifecycle;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consent that passed guard and probe.
 *
 * @param generation what its grant becomes: one more than the connection had when the merchant set out
 * @param endsAt null where the provider gives it no end that is known
 * @param accountVerified whether the provider named the account, and not an operator
 */
public record Consent(
        int generation,
        String accountId,
        @Nullable String accountName,
        List<String> marketplaces,
        Instant grantedAt,
        @Nullable Instant endsAt,
        boolean accountVerified) {}
