package io.perennial.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How one chosen advertising profile stands on a day. All profiles of a snapshot carry the same fetch and the same time; a
 * profile without access has nothing but its id.
 *
 * @param profileId digits, as text: they are beyond 2^53
 * @param dailyBudget as the provider names it; it names a huge one where there is none
 */
public record ProfileSnapshotTaken(
        ConnectionRef about,
        UUID fetchId,
        String profileId,
        ProfileAccess access,
        @Nullable String countryCode,
        @Nullable String currencyCode,
        @Nullable String timezone,
        @Nullable Money dailyBudget,
        @Nullable String marketplaceId,
        @Nullable String accountId,
        @Nullable String accountName,
        @Nullable String accountType,
        @Nullable Boolean validPaymentMethod)
        implements ConnectionEvent {

    /** Of a profile that the provider does not list. */
    public static ProfileSnapshotTaken withoutAccess(ConnectionRef about, UUID fetchId, String profileId) {
        return new ProfileSnapshotTaken(
                about,
                fetchId,
                profileId,
                ProfileAccess.NO_ACCESS,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
