package io.perennial.notify.links;

import org.jspecify.annotations.Nullable;

/**
 * The face that a tenant shows to its merchants.
 *
 * @param integrator name of the app as the merchant meets it on Amazon's pages
 * @param colour {@code #rrggbb}
 * @param timeZone name in the IANA database; mails that can wait leave in its morning
 */
public record Brand(
        String id,
        @Nullable String name,
        @Nullable String integrator,
        @Nullable String supportEmail,
        @Nullable String supportHours,
        @Nullable String supportUrl,
        @Nullable String colour,
        @Nullable String logoUrl,
        @Nullable String senderName,
        @Nullable String senderAddress,
        @Nullable String timeZone) {}
