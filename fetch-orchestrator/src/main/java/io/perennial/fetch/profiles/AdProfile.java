package io.perennial.fetch.profiles;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Money;
import io.perennial.contracts.ProfileAccess;
import io.perennial.contracts.ProfileSnapshotTaken;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A profile as Amazon lists it; what it does not name, or not as it should, is null. */
public record AdProfile(
        String id,
        @Nullable String countryCode,
        @Nullable String currencyCode,
        @Nullable String timezone,
        @Nullable BigDecimal dailyBudget,
        @Nullable String marketplaceId,
        @Nullable String accountId,
        @Nullable String accountName,
        @Nullable String accountType,
        @Nullable Boolean validPaymentMethod) {

    public ProfileSnapshotTaken toEvent(ConnectionRef about, UUID fetchId) {
        Money budget = dailyBudget == null || currencyCode == null ? null : new Money(dailyBudget, currencyCode);
        return new ProfileSnapshotTaken(
                about,
                fetchId,
                id,
                ProfileAccess.OPEN,
                countryCode,
                currencyCode,
                timezone,
                budget,
                marketplaceId,
                accountId,
                accountName,
                accountType,
                validPaymentMethod);
    }
}
