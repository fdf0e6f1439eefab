package io.perennial.monitor.calendar;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose grant ends soon, or has ended and is still announced as overdue.
 *
 * @param daysLeft begun days until the end; negative for full days since
 * @param nextStage what is announced next: days before the end, or {@code OVERDUE_<week>}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ExpiringConnection(
        UUID connectionId,
        String tenantId,
        String externalId,
        String provider,
        String region,
        int generation,
        String label,
        String state,
        Instant endsAt,
        @Nullable String endsAtSource,
        int daysLeft,
        String nextStage,
        Instant nextDueAt) {}
