package io.perennial.auth.connection;

import io.perennial.auth.connection.request.Contact;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connection that an integrator brings along, with the grant he held before as its first one.
 *
 * @param yearly whether such a grant ends a year after the consent; private applications' have no end
 * @param grantedAt when the merchant consented; null if nobody knows
 * @param coveredUntil up to where the integrator has the orders already
 */
public record ImportedConnection(
        UUID id,
        String tenantId,
        String externalId,
        Provider provider,
        Region region,
        UUID appId,
        String label,
        List<Contact> contacts,
        List<String> marketplaces,
        String accountId,
        boolean yearly,
        @Nullable Instant grantedAt,
        @Nullable Instant coveredUntil) {
    /** Generation of the grant that comes with it. */
    public static final int GENERATION = 1;

    /** Contacts stay out of every print. */
    @Override
    public String toString() {
        return "ImportedConnection[" + id + "]";
    }
}
