package io.perennial.fetch.backfill;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request for the fetches of a large tenant or campaign, as callers see it: they are planned in portions, and how far that is
 * stands here. What becomes of each fetch is asked for like that of any other; the list of fetches has those that it planned
 * itself, without those that were under way already and without repetitions of its own.
 *
 * @param from update time to read from; absent for what is not covered
 * @param connectionsEstimated usable ones of the tenant when it was requested; absent of a campaign
 * @param connections that were gone through
 * @param fetches that were planned for them, or were under way already
 * @param code why it waits or ended before all were planned
 * @param message the same in plain words
 * @param completedAt since when no more are planned
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BulkFetch(
        UUID id,
        @Nullable String tenantId,
        @Nullable UUID campaignId,
        @Nullable Instant from,
        @Nullable Instant to,
        State state,
        @Nullable Long connectionsEstimated,
        long connections,
        long fetches,
        @Nullable String code,
        @Nullable String message,
        Instant requestedAt,
        @Nullable Instant completedAt) {

    /** How far it is. */
    public enum State {
        PLANNING,
        /** Its fetches are all there; that they are through is another thing. */
        PLANNED,
        FAILED,
        /** No more are planned; those that were go on. */
        CANCELLED
    }
}
