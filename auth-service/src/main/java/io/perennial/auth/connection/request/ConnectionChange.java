package io.perennial.auth.connection.request;

import io.perennial.auth.request.Fields;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PATCH /api/connections/{id}}: what is absent stays.
 *
 * @param endsAt the end as an operator read it on the provider's page
 * @param trustNextConsent whether the next consent may come with another store name or other marketplaces than before:
 *     an operator has checked that it is the same account
 */
public record ConnectionChange(
        @Nullable String label,
        @Nullable List<ContactRequest> contacts,
        @Nullable List<String> marketplaces,
        @Nullable String expectedAccountId,
        @Nullable Instant endsAt,
        @Nullable Boolean trustNextConsent) {
    private static final int MAX_LINE = 200;

    /** Beyond these an end is a mistake: the provider's rule is one year. What consumers of events refuse is not let in. */
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    public void check() {
        Fields fields = new Fields();
        fields.optionalLine("label", label, MAX_LINE);
        ContactRequest.check(fields, contacts);
        NewConnection.checkMarketplaces(fields, marketplaces, null);
        fields.optionalMatch(
                "expectedAccountId", expectedAccountId, NewConnection.ACCOUNT_ID, "must be capital letters and digits");
        if (endsAt != null && (endsAt.isBefore(EARLIEST) || !endsAt.isBefore(LATEST))) {
            fields.reject("endsAt", "must be a plausible date");
        }
        fields.verify();
    }

    public void checkFor(Region region, boolean authorized) {
        Fields fields = new Fields();
        NewConnection.checkMarketplaces(fields, marketplaces, region);
        if (endsAt != null && !authorized) {
            fields.reject("endsAt", "can not be set before the first consent");
        }
        fields.verify();
    }
}
