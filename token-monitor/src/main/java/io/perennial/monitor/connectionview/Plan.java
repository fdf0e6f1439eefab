package io.perennial.monitor.connectionview;

import io.perennial.contracts.ConnectionState;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.monitor.expiry.ExpiryPolicy;
import io.perennial.monitor.expiry.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is announced for one grant, and how far that went.
 *
 * @param endsAt the end of the grant, as far as it is known
 * @param revokedAt when the grant died before its end; overdue weeks count from here then
 * @param told day of the last stage announced, counted from the anchor; {@link ExpiryPolicy#NOTHING} before the first
 */
record Plan(@Nullable Instant endsAt, @Nullable EndsAtSource endsAtSource, @Nullable Instant revokedAt, int told) {
    /**
     * From here on a later end is a new plan. The usual stages stand a week apart, so a smaller correction can not call for
     * one that was told.
     */
    private static final Duration NEW_PLAN = Duration.ofDays(7);

    static final Plan NONE = new Plan(null, null, null, ExpiryPolicy.NOTHING);

    Plan {
        endsAt = endsAt == null ? null : ExpiryPolicy.precise(endsAt);
        revokedAt = revokedAt == null ? null : ExpiryPolicy.precise(revokedAt);
    }

    /** The plan of a grant that nothing was announced for; without an end there is nothing to announce. */
    static Plan until(@Nullable Instant endsAt, @Nullable EndsAtSource source) {
        return new Plan(endsAt, source, null, ExpiryPolicy.NOTHING);
    }

    /**
     * The plan of a grant that is as its owner says now. What was told is known from the former plan, if that was counted from
     * the same instant; else everything that was due until now counts as told, so that nothing is told twice.
     */
    static Plan stated(ConnectionState stated, @Nullable Plan former, ExpiryPolicy policy, Instant now) {
        boolean revoked = stated.state() == ConnectionStatus.REVOKED;
        Instant death = former != null && former.revokedAt != null ? former.revokedAt : stated.occurredAt();
        boolean early = stated.endsAt() == null || death.isBefore(stated.endsAt());
        Plan fresh =
                new Plan(stated.endsAt(), stated.endsAtSource(), revoked && early ? death : null, ExpiryPolicy.NOTHING);
        int told = former != null && Objects.equals(former.anchor(), fresh.anchor())
                ? former.told
                : fresh.reached(policy, now);
        Plan plan = new Plan(fresh.endsAt, fresh.endsAtSource, fresh.revokedAt, told);
        return revoked || stated.state() == ConnectionStatus.EXPIRED ? plan.pastTheEnd() : plan;
    }

    private int reached(ExpiryPolicy policy, Instant now) {
        Instant anchor = anchor();
        return anchor == null
                ? ExpiryPolicy.NOTHING
                : policy.reached(anchor, now).map(Stage::day).orElse(ExpiryPolicy.NOTHING);
    }

    private @Nullable Instant anchor() {
        return revokedAt == null ? endsAt : revokedAt;
    }

    /** The end turned out to be another. */
    Plan corrected(@Nullable Instant end, @Nullable EndsAtSource source) {
        if (end == null) {
            return this;
        }
        boolean later = endsAt == null || Duration.between(endsAt, end).compareTo(NEW_PLAN) >= 0;
        return new Plan(end, source, revokedAt, later ? ExpiryPolicy.NOTHING : told);
    }

    /** The grant reached its end and is refused: only what is overdue is left to announce. */
    Plan expired(Instant end) {
        return new Plan(end, endsAtSource == null ? EndsAtSource.RULE : endsAtSource, null, told).pastTheEnd();
    }

    /** The grant died; before its end, the overdue weeks count from the death. */
    Plan revoked(Instant at, @Nullable Instant end) {
        Instant known = end == null ? endsAt : end;
        boolean early = known == null || at.isBefore(known);
        return new Plan(known, endsAtSource, early ? at : null, told).pastTheEnd();
    }

    Plan pastTheEnd() {
        return new Plan(endsAt, endsAtSource, revokedAt, Math.max(told, ExpiryPolicy.THE_END));
    }

    /** When the next stage is due; empty when none is left or nothing is known of the end. */
    Optional<Instant> nextDueAt(ExpiryPolicy policy) {
        Instant anchor = anchor();
        return anchor == null ? Optional.empty() : policy.dueAt(anchor, told);
    }
}
