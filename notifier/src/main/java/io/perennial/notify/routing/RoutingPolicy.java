package io.perennial.notify.routing;

import io.perennial.contracts.AuthorizationFailed;
import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.Event;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchFailed;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.Provider;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.RenewalRequired;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenExpiring;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.notify.reminder.PlannedReminder;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which events ask for a mail. */
final class RoutingPolicy {
    private static final int ONLY_STAGE = 0;

    /** Where trying again may help, and no page told the merchant at once. */
    private static final Set<String> MERCHANT_MAY_HELP =
            Set.of("GRANT_REFUSED", "NOT_DECIDED_IN_TIME", "REVIEW_REFUSED");

    /** Of a fetch that made room for the one of the renewal. */
    private static final String REPLACED = "SUPERSEDED";

    private RoutingPolicy() {}

    /** The reminder that an event of a current generation asks for. */
    static Optional<PlannedReminder> reminder(Event event) {
        if (event instanceof TokenExpiring expiring) {
            // The end itself has no mail of its own: TokenExpired follows, or the weekly one if it still works.
            return expiring.stage() == 0
                    ? Optional.empty()
                    : Optional.of(plan(expiring, ReminderKind.EXPIRING, expiring.stage(), expiring.endsAt()));
        }
        if (event instanceof RenewalOverdue overdue) {
            return Optional.of(plan(overdue, ReminderKind.OVERDUE, overdue.week(), overdue.endsAt()));
        }
        if (event instanceof TokenExpired expired) {
            return Optional.of(plan(expired, ReminderKind.EXPIRED, ONLY_STAGE, expired.endsAt()));
        }
        if (event instanceof TokenRevoked revoked) {
            return Optional.of(plan(revoked, ReminderKind.REVOKED, ONLY_STAGE, revoked.endsAt()));
        }
        if (event instanceof RenewalRequired required) {
            return Optional.of(plan(required, ReminderKind.CAMPAIGN, required.campaign(), null));
        }
        if (event instanceof AuthorizationFailed failed && MERCHANT_MAY_HELP.contains(failed.code())) {
            return Optional.of(plan(failed, ReminderKind.CONSENT_FAILED, ONLY_STAGE, null));
        }
        if (event instanceof FetchCompleted fetch && fetch.reason() == FetchReason.RENEWAL_GAP) {
            return Optional.of(
                    new PlannedReminder(fetch.about(), ReminderKind.RECONNECTED, ONLY_STAGE, caughtUp(fetch)));
        }
        if (event instanceof FetchFailed fetch
                && fetch.reason() == FetchReason.RENEWAL_GAP
                && !REPLACED.equals(fetch.code())) {
            return Optional.of(reconnected(fetch));
        }
        if (event instanceof TokenRenewed renewed && !fetchesOrders(renewed)) {
            return Optional.of(reconnected(renewed));
        }
        return Optional.empty();
    }

    /** Of the others no fetch tells that they are caught up. */
    private static boolean fetchesOrders(ConnectionEvent event) {
        return event.about().provider() == Provider.AMAZON_SELLER;
    }

    /** Without the number of orders. */
    private static PlannedReminder reconnected(ConnectionEvent event) {
        return new PlannedReminder(event.about(), ReminderKind.RECONNECTED, ONLY_STAGE, null);
    }

    private static int caughtUp(FetchCompleted fetch) {
        return (int) Math.min(Integer.MAX_VALUE, (long) fetch.ordersNew() + fetch.ordersUpdated());
    }

    private static PlannedReminder plan(ConnectionEvent event, ReminderKind kind, int stage, @Nullable Instant endsAt) {
        return new PlannedReminder(event.about(), kind, stage, 0, endsAt);
    }
}
