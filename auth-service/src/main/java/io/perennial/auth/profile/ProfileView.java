package io.perennial.auth.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An advertising profile as a connection sees it.
 *
 * @param profileId digits; as text, because programs that count in floating point would change them
 * @param heldBy another connection of the tenant that has chosen it; it can not be chosen twice
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProfileView(
        String profileId,
        @Nullable String countryCode,
        @Nullable String currencyCode,
        @Nullable String timezone,
        @Nullable String marketplaceId,
        @Nullable String accountId,
        @Nullable String accountName,
        @Nullable String accountType,
        boolean chosen,
        Access access,
        @Nullable UUID heldBy) {

    /** Whether the grant opens a profile. */
    public enum Access {
        OPEN,
        /** Chosen once, but the provider does not list it any more. */
        NO_ACCESS
    }

    /** How people call it. */
    public String title() {
        return (accountName == null ? profileId : accountName) + (countryCode == null ? "" : " · " + countryCode);
    }

    public boolean choosable() {
        return heldBy == null && access == Access.OPEN;
    }
}
