package io.perennial.sandbox.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A report that somebody ordered.
 *
 * @param atHome whether it was ordered at the endpoint of the account's region; elsewhere an account has nothing
 * @param plannedEnd how a fault wants it to end
 */
record Report(
        long id,
        String sellerId,
        boolean atHome,
        String type,
        List<String> marketplaceIds,
        Instant dataStart,
        Instant dataEnd,
        Instant createdAt,
        Instant startedAt,
        Instant endedAt,
        @Nullable String plannedEnd,
        String documentId) {

    boolean isQueued(Instant now) {
        return now.isBefore(startedAt);
    }

    boolean isEnded(Instant now) {
        return !now.isBefore(endedAt);
    }
}
