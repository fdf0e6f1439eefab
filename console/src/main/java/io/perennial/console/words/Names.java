package io.perennial.console.words;

import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.RenewalReason;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain names of the things that codes stand for. */
public final class Names {
    private static final Map<Provider, String> PROVIDERS = Map.of(
            Provider.AMAZON_SELLER, "Amazon Seller",
            Provider.AMAZON_VENDOR, "Amazon Vendor",
            Provider.AMAZON_ADS, "Amazon Ads");
    private static final Map<Region, String> REGIONS =
            Map.of(Region.NA, "North America", Region.EU, "Europe", Region.FE, "Far East");
    private static final Map<FetchReason, String> REASONS = Map.of(
            FetchReason.FIRST_LOAD, "First load",
            FetchReason.RENEWAL_GAP, "Catching up after a renewal",
            FetchReason.DAILY, "Daily fetch",
            FetchReason.MANUAL, "Asked for by a person");
    private static final Map<ReminderKind, String> REMINDERS = Map.of(
            ReminderKind.EXPIRING, "Ends soon",
            ReminderKind.EXPIRED, "Has ended",
            ReminderKind.OVERDUE, "Still not renewed",
            ReminderKind.REVOKED, "Access refused",
            ReminderKind.RECONNECTED, "Connected again",
            ReminderKind.CONSENT_FAILED, "Consent came to nothing",
            ReminderKind.LINK, "Link, asked for by a person",
            ReminderKind.CAMPAIGN, "Campaign");
    private static final Map<RenewalReason, String> RENEWALS = Map.of(
            RenewalReason.ROLE_ADDED, "a role was added to the app",
            RenewalReason.DATE_UNKNOWN, "nobody knows when the authorization ends",
            RenewalReason.CONSENT_MISSING, "the consent is missing",
            RenewalReason.ENDS_SOON, "the end is near",
            RenewalReason.OTHER, "another reason");
    private static final Map<EndsAtSource, String> SOURCES = Map.of(
            EndsAtSource.RULE, "one year after the consent",
            EndsAtSource.OPERATOR, "corrected by an operator",
            EndsAtSource.ESTIMATE, "estimated, please check it on Amazon's page");

    private Names() {}

    public static String of(Provider provider) {
        return named(PROVIDERS.get(provider), provider);
    }

    public static String of(Region region) {
        return named(REGIONS.get(region), region);
    }

    public static String of(FetchReason reason) {
        return named(REASONS.get(reason), reason);
    }

    public static String of(ReminderKind kind) {
        return named(REMINDERS.get(kind), kind);
    }

    public static String of(RenewalReason reason) {
        return named(RENEWALS.get(reason), reason);
    }

    public static String of(EndsAtSource source) {
        return named(SOURCES.get(source), source);
    }

    /** A code as words: {@code MAILBOX_REFUSED} becomes "mailbox refused". */
    public static String plain(String code) {
        return code.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String named(@Nullable String name, Enum<?> code) {
        return name == null ? plain(code.name()) : name;
    }
}
