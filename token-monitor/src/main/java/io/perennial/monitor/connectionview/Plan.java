package io.perennial.monitor.connectionview;

import io.perennial.contracts.EndsAtSource;
import io.perennial.monitor.expiry.ExpiryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is announced for one grant, and how far that went.
 *
 * @param endsAt the end of the grant, as far as it is known
 * @param revokedAt when the grant died before its end; overdue weeks count from here then
 * @param announced number of the last stage announced; 0 before the first
 */
record Plan(@Nullable Instant endsAt, @Nullable EndsAtSource endsAtSource, @Nullable Instant revokedAt, int announced) {
    /** From here on a later end is a new plan: the stages stand a week apart, so none is told twice within one. */
    private static final Duration NEW_PLAN = Duration.ofDays(7);

    static final Plan NONE = new Plan(null, null, null, 0);

    Plan {
        endsAt = endsAt == null ? null : ExpiryPolicy.precise(endsAt);
        revokedAt = revokedAt == null ? null : ExpiryPolicy.precise(revokedAt);
    }

    /** The plan of a grant that nothing was announced for; without an end there is nothing to announce. */
    static Plan until(@Nullable Instant endsAt, @Nullable EndsAtSource source) {
        return new Plan(endsAt, source, null, 0);
    }

    /** The end turned out to be another. */
    Plan corrected(@Nullable Instant end, @Nullable EndsAtSource source) {
        if (end == null) {
            return this;
        }
        boolean later = endsAt == null || Duration.between(endsAt, end).compareTo(NEW_PLAN) >= 0;
        return new Plan(end, source, revokedAt, later ? 0 : announced);
    }

    /** The grant reached its end and is refused: only what is overdue is left to announce. */
    Plan expired(Instant end) {
        return new Plan(end, endsAtSource == null ? EndsAtSource.RULE : endsAtSource, null, announced).pastTheEnd();
    }

    /** The grant died; before its end, the overdue weeks count from the death. */
    Plan revoked(Instant at, @Nullable Instant end) {
        Instant known = end == null ? endsAt : end;
        boolean early = known == null || at.isBefore(known);
        return new Plan(known, endsAtSource, early ? at : null, announced).pastTheEnd();
    }

    Plan pastTheEnd() {
        int end = ExpiryPolicy.standard().end();
        return new Plan(endsAt, endsAtSource, revokedAt, Math.max(announced, end));
    }

    /** When the next stage is due; empty when none is left or nothing is known of the end. */
    Optional<Instant> nextDueAt() {
        Instant anchor = revokedAt == null ? endsAt : revokedAt;
        return anchor == null ? Optional.empty() : ExpiryPolicy.standard().dueAt(anchor, announced + 1);
    }
}
