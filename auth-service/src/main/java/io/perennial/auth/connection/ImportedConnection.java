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
 * @param ownApplication whether it is a private application's, whose grants have no end but what is set for them
 * @param grantedAt when the merchant consented; null if nobody knows
 * @param coveredUntil up to where the integrator has the orders already
 * @param profiles advertising profiles that are chosen; empty: still to be chosen, or not of this provider
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
        boolean ownApplication,
        @Nullable Instant grantedAt,
        @Nullable Instant coveredUntil,
        List<String> profiles) {
    /** Generation of the grant that comes with it. */
    public static final int GENERATION = 1;

    /** Whether it has an end that nobody knows. */
    public boolean endUnknown() {
        return !ownApplication && grantedAt == null;
    }

    /** Contacts stay out of every print. */
    @Override
    public String toString() {
        return "ImportedConnection[" + id + "]";
    }
}
