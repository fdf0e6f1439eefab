package io.perennial.auth.connection.request;

import io.perennial.auth.application.Marketplace;
import io.perennial.auth.request.Fields;
import io.perennial.auth.tenant.Tenants;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /api/connections}. */
public record NewConnection(
        @Nullable String tenantId,
        @Nullable String externalId,
        @Nullable Provider provider,
        @Nullable Region region,
        @Nullable String app,
        @Nullable String label,
        @Nullable List<ContactRequest> contacts,
        @Nullable List<String> marketplaces,
        @Nullable String expectedAccountId) {
    /** How Amazon writes the ids of its accounts. */
    public static final Pattern ACCOUNT_ID = Pattern.compile("[A-Z0-9]{3,40}");

    private static final int MAX_LINE = 200;

    public void check() {
        Fields fields = new Fields();
        fields.required("tenantId", tenantId);
        fields.optionalMatch("tenantId", tenantId, Tenants.ID, "must be letters, digits, dots or dashes, at most 64");
        fields.line("externalId", externalId, MAX_LINE);
        fields.required("provider", provider);
        fields.required("region", region);
        fields.optionalLine("app", app, MAX_LINE);
        fields.line("label", label, MAX_LINE);
        ContactRequest.check(fields, contacts);
        checkMarketplaces(fields, marketplaces, region);
        fields.optionalMatch("expectedAccountId", expectedAccountId, ACCOUNT_ID, "must be capital letters and digits");
        fields.verify();
    }

    public static void checkMarketplaces(Fields fields, @Nullable List<String> marketplaces, @Nullable Region region) {
        List<String> given = fields.list("marketplaces", marketplaces, Marketplace.values().length);
        for (int i = 0; i < given.size(); i++) {
            String field = "marketplaces[" + i + "]";
            Marketplace.ofId(given.get(i))
                    .ifPresentOrElse(
                            marketplace -> {
                                if (region != null && marketplace.region() != region) {
                                    fields.reject(field, "must be a marketplace of " + region);
                                }
                            },
                            () -> fields.reject(field, "must be the id of a marketplace"));
        }
    }

    /** All of it, for the hash that recognises a repeated request. */
    public String fingerprint() {
        StringBuilder text = new StringBuilder(toString());
        for (ContactRequest contact : contacts == null ? List.<ContactRequest>of() : contacts) {
            text.append('\n')
                    .append(contact.name())
                    .append('\n')
                    .append(contact.email())
                    .append('\n')
                    .append(contact.locale())
                    .append('\n')
                    .append(contact.order());
        }
        return text.toString();
    }
}
