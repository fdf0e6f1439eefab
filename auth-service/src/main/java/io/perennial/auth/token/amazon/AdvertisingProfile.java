package io.perennial.auth.token.amazon;

import org.jspecify.annotations.Nullable;

/**
 * An advertising profile: one account in one country.
 *
 * @param id digits as the provider sent them; beyond what a floating-point number can hold
 * @param accountId the account it belongs to; several profiles may share one
 */
public record AdvertisingProfile(
        String id,
        @Nullable String countryCode,
        @Nullable String currencyCode,
        @Nullable String timezone,
        @Nullable String marketplaceId,
        @Nullable String accountId,
        @Nullable String accountName,
        @Nullable String accountType) {}
