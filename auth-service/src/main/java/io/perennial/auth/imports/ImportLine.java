package io.perennial.auth.imports;

import com.fasterxml.jackson.annotation.JsonAlias;
import io.perennial.auth.connection.request.ContactRequest;
import io.perennial.auth.connection.request.NewConnection;
import io.perennial.auth.request.Fields;
import io.perennial.auth.tenant.Tenants;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of an import.
 *
 * @param app id or name of the application that the token was issued to; absent: the provider's default
 * @param label absent: the external id
 * @param accountId for advertising, whose provider names no login: the account of one of its profiles, or a profile's id
 * @param grantedAt when the merchant consented; absent or {@code unknown}: nobody knows
 * @param coveredUntil up to where the integrator has the orders already; the first fetch begins there
 * @param profiles advertising profiles that the integrator uses; absent: they are still to be chosen
 */
record ImportLine(
        @JsonAlias("tenant") @Nullable String tenantId,
        @Nullable String externalId,
        @Nullable Provider provider,
        @Nullable Region region,
        @Nullable String app,
        @Nullable String label,
        @Nullable String accountId,
        @Nullable String grantedAt,
        @Nullable Instant coveredUntil,
        @Nullable List<String> marketplaces,
        @Nullable List<ContactRequest> contacts,
        @Nullable List<String> profiles,
        @Nullable String refreshToken) {
    private static final int MAX_LINE = 200;

    /** The provider lists no more. */
    private static final int MOST_PROFILES = 5_000;

    private static final String UNKNOWN = "unknown";
    private static final Instant EARLIEST = Instant.parse("2010-01-01T00:00:00Z");

    /** Amazon documents at most 2,048 bytes. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{8,2048}");

    private static final Pattern PROFILE = Pattern.compile("[0-9]{1,20}");

    /** The token stays out of every print. */
    @Override
    public String toString() {
        return "ImportLine[hidden]";
    }

    /** Reports every fault of the line. */
    void check(Fields fields, Instant now) {
        fields.required("tenantId", tenantId);
        fields.optionalMatch("tenantId", tenantId, Tenants.ID, "must be letters, digits, dots or dashes, at most 64");
        fields.line("externalId", externalId, MAX_LINE);
        fields.required("provider", provider);
        fields.required("region", region);
        fields.optionalLine("app", app, MAX_LINE);
        fields.optionalLine("label", label, MAX_LINE);
        fields.required("accountId", accountId);
        fields.optionalMatch("accountId", accountId, NewConnection.ACCOUNT_ID, "must be capital letters and digits");
        checkDates(fields, now);
        NewConnection.checkMarketplaces(fields, marketplaces, region);
        ContactRequest.check(fields, contacts);
        checkProfiles(fields);
        fields.required("refreshToken", refreshToken);
        fields.optionalMatch("refreshToken", refreshToken, TOKEN, "must be a refresh token as Amazon issues it");
    }

    private void checkProfiles(Fields fields) {
        if (profiles != null && provider != null && provider != Provider.AMAZON_ADS) {
            fields.reject("profiles", "belong to AMAZON_ADS alone");
        }
        List<String> given = fields.list("profiles", profiles, MOST_PROFILES);
        for (int i = 0; i < given.size(); i++) {
            fields.optionalMatch("profiles[" + i + "]", given.get(i), PROFILE, "must be the digits of a profile's id");
        }
    }

    private void checkDates(Fields fields, Instant now) {
        try {
            Instant granted = granted();
            if (granted != null && (granted.isBefore(EARLIEST) || granted.isAfter(now))) {
                fields.reject("grantedAt", "must be in the past, and not before 2010");
            }
        } catch (DateTimeException e) {
            fields.reject("grantedAt", "must be an instant such as 2026-01-31T12:00:00Z, or unknown");
        }
        if (coveredUntil != null && (coveredUntil.isBefore(EARLIEST) || coveredUntil.isAfter(now))) {
            fields.reject("coveredUntil", "must be in the past, and not before 2010");
        }
    }

    /** When the merchant consented; null if nobody knows. */
    @Nullable
    Instant granted() {
        return grantedAt == null || grantedAt.equalsIgnoreCase(UNKNOWN)
                ? null
                // As it is stored: a finer one would always be later than itself.
                : OffsetDateTime.parse(grantedAt).toInstant().truncatedTo(ChronoUnit.MICROS);
    }
}
