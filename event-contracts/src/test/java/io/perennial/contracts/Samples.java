package io.perennial.contracts;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** One event of every kind, with every optional field set. */
final class Samples {
    static final UUID CONNECTION = UUID.fromString("01990000-0000-7000-8000-000000000001");
    private static final UUID FETCH = UUID.fromString("01990000-0000-7000-8000-00000000000f");
    private static final UUID REMINDER = UUID.fromString("01990000-0000-7000-8000-00000000000a");
    private static final UUID CONTACT = UUID.fromString("01990000-0000-7000-8000-00000000000c");
    private static final Instant AUTHORIZED = Instant.parse("2026-01-15T09:30:00Z");
    private static final Instant ENDS = Instant.parse("2027-01-15T09:30:00Z");
    private static final Instant FROM = Instant.parse("2025-12-16T09:30:00Z");
    private static final ConnectionRef ABOUT = new ConnectionRef(
            "acme",
            CONNECTION,
            "shop-17",
            Provider.AMAZON_SELLER,
            Region.EU,
            1,
            Instant.parse("2026-01-15T09:30:00.123456Z"));
    private static final AppRef APP = new AppRef(
            UUID.fromString("01990000-0000-7000-8000-000000000002"),
            "Listing tool",
            Provider.AMAZON_SELLER,
            Instant.parse("2026-01-15T09:30:00.123456Z"));
    private static final List<String> MARKETPLACES = List.of("A1PA6795UKMFR9");

    private Samples() {}

    static Event of(EventType type) {
        switch (type) {
            case CONNECTION_CREATED:
                return new ConnectionCreated(ABOUT, "Shop 17", MARKETPLACES);
            case CONNECTION_UPDATED:
                return new ConnectionUpdated(
                        ABOUT, "Shop 17", MARKETPLACES, ENDS, EndsAtSource.OPERATOR, List.of("9007199254740993"));
            case CONNECTION_AUTHORIZED:
                return new ConnectionAuthorized(
                        ABOUT,
                        "A1EXAMPLE",
                        "Shop 17",
                        MARKETPLACES,
                        AUTHORIZED,
                        ENDS,
                        EndsAtSource.RULE,
                        GrantOrigin.IMPORT,
                        FROM);
            case TOKEN_RENEWED:
                return new TokenRenewed(
                        ABOUT, "A1EXAMPLE", "Shop 17", MARKETPLACES, AUTHORIZED, ENDS, EndsAtSource.RULE, AUTHORIZED);
            case TOKEN_EXPIRED:
                return new TokenExpired(ABOUT, ENDS);
            case TOKEN_REVOKED:
                return new TokenRevoked(ABOUT, AUTHORIZED, ENDS);
            case TOKEN_REINSTATED:
                return new TokenReinstated(ABOUT, ENDS, EndsAtSource.ESTIMATE);
            case WRONG_ACCOUNT_REJECTED:
                return new WrongAccountRejected(ABOUT, "A1EXAMPLE", "A2EXAMPLE", "ACCOUNT_ID");
            case DUPLICATE_REJECTED:
                return new DuplicateRejected(ABOUT, "A1EXAMPLE", FETCH);
            case CONSENT_HELD:
                return new ConsentHeld(ABOUT, FETCH, "A1EXAMPLE", "A1EXAMPLE", "Shop 17");
            case AUTHORIZATION_FAILED:
                return new AuthorizationFailed(ABOUT, "GRANT_REFUSED");
            case AUTHORIZATION_ABANDONED:
                return new AuthorizationAbandoned(ABOUT, AUTHORIZED);
            case CONNECTION_DISCONNECTED:
                return new ConnectionDisconnected(ABOUT);
            case RENEWAL_REQUIRED:
                return new RenewalRequired(ABOUT, RenewalReason.ROLE_ADDED, FETCH, 7, 3);
            case TOKEN_EXPIRING:
                return new TokenExpiring(ABOUT, 30, 30, ENDS, EndsAtSource.ESTIMATE);
            case RENEWAL_OVERDUE:
                return new RenewalOverdue(ABOUT, 1, ENDS);
            case FETCH_REQUESTED:
                return new FetchRequested(ABOUT, FETCH, FetchReason.MANUAL, FROM, AUTHORIZED);
            case FETCH_STARTED:
                return new FetchStarted(
                        ABOUT, FETCH, FetchReason.RENEWAL_GAP, FROM, AUTHORIZED, "REPORT", "REPORT_SOONER");
            case FETCH_PROGRESSED:
                return new FetchProgressed(ABOUT, FETCH, FetchReason.FIRST_LOAD, 3, 250, 10, 40);
            case FETCH_COMPLETED:
                return new FetchCompleted(
                        ABOUT,
                        FETCH,
                        FetchReason.DAILY,
                        FROM,
                        AUTHORIZED,
                        3,
                        250,
                        10,
                        40,
                        new SampleOrder("302-1234567-1234567", FROM),
                        new SubscriptionCheck(SubscriptionState.UNKNOWN, "THROTTLED", AUTHORIZED),
                        12);
            case PROFILE_SNAPSHOT_TAKEN:
                return new ProfileSnapshotTaken(
                        ABOUT,
                        FETCH,
                        "9007199254740993",
                        ProfileAccess.OPEN,
                        "DE",
                        "EUR",
                        "Europe/Paris",
                        new Money(new BigDecimal("250.50"), "EUR"),
                        "A1PA6795UKMFR9",
                        "A1EXAMPLE",
                        "Shop 17",
                        "seller",
                        true);
            case FETCH_FAILED:
                return new FetchFailed(ABOUT, FETCH, FetchReason.DAILY, "PROVIDER_REFUSED");
            case FETCH_PARKED:
                return new FetchParked(ABOUT, FETCH, FetchReason.DAILY, "CONNECTION_EXPIRED");
            case ORDER_FETCHED:
                return new OrderFetched(
                        ABOUT,
                        FETCH,
                        OrderChange.UPDATED,
                        "302-1234567-1234567",
                        "A1PA6795UKMFR9",
                        FROM,
                        AUTHORIZED,
                        "SHIPPED",
                        "MERCHANT",
                        List.of(new OrderItem(
                                "12345678901234", "SKU-1", "B000000001", 2, new Money(new BigDecimal("19.90"), "EUR"))),
                        new Money(new BigDecimal("39.80"), "EUR"));
            case REMINDER_SENT:
                return new ReminderSent(ABOUT, REMINDER, ReminderKind.EXPIRING, 30, CONTACT);
            case REMINDER_FAILED:
                return new ReminderFailed(ABOUT, REMINDER, ReminderKind.EXPIRING, 30, CONTACT, "MAILBOX_REFUSED");
            case REMINDER_SUPPRESSED:
                return new ReminderSuppressed(ABOUT, REMINDER, ReminderKind.EXPIRING, 30, "RENEWED");
            case REMINDER_AMBIGUOUS:
                return new ReminderAmbiguous(ABOUT, REMINDER, ReminderKind.EXPIRING, 30, CONTACT);
            case CLIENT_SECRET_EXPIRING:
                return new ClientSecretExpiring(APP, 2, 30, 29, ENDS);
            case PROVIDER_OUTAGE_DETECTED:
                return new ProviderOutageDetected(APP, Region.EU, OutageReason.MASS_REFUSAL);
            case PROVIDER_OUTAGE_CLEARED:
                return new ProviderOutageCleared(APP, Region.EU, OutageReason.CLIENT_REFUSED, AUTHORIZED);
            case CONNECTION_STATE:
                return new ConnectionState(
                        ABOUT,
                        ConnectionStatus.ACTIVE,
                        true,
                        "Shop 17",
                        MARKETPLACES,
                        "A1EXAMPLE",
                        "Shop 17",
                        AUTHORIZED,
                        AUTHORIZED,
                        ENDS,
                        EndsAtSource.RULE);
            case TENANT_STATE:
                return new TenantState(
                        new TenantRef("acme", Instant.parse("2026-01-15T09:30:00.123456Z")), List.of(60, 14, 3, 0), 4);
            default:
                throw new AssertionError("Give " + type + " a sample");
        }
    }
}
