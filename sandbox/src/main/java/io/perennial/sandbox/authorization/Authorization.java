package io.perennial.sandbox.authorization;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One account's permission for one application, as Manage Your Apps shows it. */
public record Authorization(
        long id,
        String sellerId,
        String applicationId,
        Instant authorizedAt,
        Instant expiresAt,
        @Nullable Instant disabledAt) {

    /** As the page names it. */
    public enum Status {
        ENABLED,
        DISABLED,
        EXPIRED
    }

    public Status statusAt(Instant now) {
        if (disabledAt != null) {
            return Status.DISABLED;
        }
        return now.isBefore(expiresAt) ? Status.ENABLED : Status.EXPIRED;
    }
}
