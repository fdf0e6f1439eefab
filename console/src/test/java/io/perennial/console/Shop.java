package io.perennial.console;

import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionCreated;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionState;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.ConsentHeld;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchFailed;
import io.perennial.contracts.FetchProgressed;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.FetchStarted;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.ReminderSent;
import io.perennial.contracts.ReminderSuppressed;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.WrongAccountRejected;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A merchant's shop, as the services would tell about it. */
public record Shop(
        UUID id, String tenant, String label, String externalId, String account, Provider provider, Region region) {
    private static final List<String> GERMANY = List.of("A1PA6795UKMFR9");

    public static Shop aShop(String tenant, String label) {
        UUID id = UUID.randomUUID();
        String part = id.toString().substring(0, 8);
        return new Shop(
                id,
                tenant,
                label,
                "ext-" + part,
                "A" + part.toUpperCase(java.util.Locale.ROOT),
                Provider.AMAZON_SELLER,
                Region.EU);
    }

    public Shop withId(UUID other) {
        return new Shop(other, tenant, label, externalId, account, provider, region);
    }

    public Shop advertising() {
        return new Shop(id, tenant, label, externalId, account, Provider.AMAZON_ADS, region);
    }

    public static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    public static Instant inDays(long days) {
        // an hour more, so that a slow test does not slip into the day before
        return now().plus(Duration.ofDays(days)).minus(Duration.ofHours(1));
    }

    public ConnectionRef ref(int generation) {
        return ref(generation, now());
    }

    public ConnectionRef ref(int generation, Instant at) {
        return new ConnectionRef(tenant, id, externalId, provider, region, generation, at);
    }

    public ConnectionState pending() {
        return new ConnectionState(
                ref(0), ConnectionStatus.PENDING, false, label, GERMANY, null, null, null, null, null, null);
    }

    public ConnectionState state(ConnectionStatus status, int generation, @Nullable Instant endsAt) {
        return new ConnectionState(
                ref(generation),
                status,
                status.usable(),
                label,
                GERMANY,
                account,
                label + " GmbH",
                now(),
                null,
                endsAt,
                endsAt == null ? null : EndsAtSource.RULE);
    }

    public ConnectionCreated created() {
        return new ConnectionCreated(ref(0), label, GERMANY);
    }

    public ConnectionAuthorized authorized(Instant endsAt) {
        return new ConnectionAuthorized(ref(1), account, label, GERMANY, now(), endsAt, EndsAtSource.RULE);
    }

    public TokenRenewed renewed(int generation, Instant endsAt) {
        return new TokenRenewed(ref(generation), account, label, GERMANY, now(), endsAt, EndsAtSource.RULE, null);
    }

    public TokenExpired expired(int generation) {
        return new TokenExpired(ref(generation), now());
    }

    public WrongAccountRejected wrongAccount(int generation) {
        return new WrongAccountRejected(ref(generation), account, "AOTHER", "ACCOUNT_ID");
    }

    public ConsentHeld consentHeld(int generation) {
        return new ConsentHeld(ref(generation), UUID.randomUUID(), account, account, null);
    }

    public FetchStarted fetchStarted(UUID fetch) {
        return new FetchStarted(ref(1), fetch, FetchReason.FIRST_LOAD, inDays(-30), now(), "SEARCH", null);
    }

    public FetchProgressed fetchProgressed(UUID fetch, int pages, int orders) {
        return new FetchProgressed(ref(1), fetch, FetchReason.FIRST_LOAD, pages, orders, 0, 0);
    }

    public FetchCompleted fetchCompleted(UUID fetch, int pages, int orders) {
        return new FetchCompleted(ref(1), fetch, FetchReason.FIRST_LOAD, inDays(-30), now(), pages, orders, 0, 0, null);
    }

    public FetchFailed fetchFailed(UUID fetch, int generation) {
        return new FetchFailed(ref(generation), fetch, FetchReason.DAILY, "PROVIDER_UNAVAILABLE");
    }

    public ReminderSuppressed unheard(int generation) {
        return new ReminderSuppressed(ref(generation), UUID.randomUUID(), ReminderKind.EXPIRING, 30, "NOBODY_HEARS");
    }

    public ReminderSent reminded(int stage) {
        return new ReminderSent(ref(1), UUID.randomUUID(), ReminderKind.EXPIRING, stage, UUID.randomUUID());
    }
}
