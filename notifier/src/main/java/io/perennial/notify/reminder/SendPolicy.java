package io.perennial.notify.reminder;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.ReminderKind;
import io.perennial.notify.links.ReminderLink;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether a mail would still be true. */
final class SendPolicy {
    private static final Set<ConnectionStatus> DEAD = EnumSet.of(ConnectionStatus.EXPIRED, ConnectionStatus.REVOKED);
    private static final Set<ConnectionStatus> WORKS = EnumSet.of(ConnectionStatus.ACTIVE, ConnectionStatus.OVERDUE);

    private static final Set<ReminderKind> OF_THE_CALENDAR =
            EnumSet.of(ReminderKind.EXPIRING, ReminderKind.EXPIRED, ReminderKind.OVERDUE);

    /** By how much an end moves on when everything is announced anew: token-monitor's rule, {@code Plan.NEW_PLAN}. */
    static final Duration NEW_PLAN = Duration.ofDays(7);

    private SendPolicy() {}

    /**
     * Why the mail must not leave; empty when it may.
     *
     * @param dueAt when the mail was asked for
     * @param toldEnd the end that was known then; null where none was named
     * @param link auth-service's answer; null when it does not know the connection
     */
    static Optional<Suppression> objection(
            ReminderKind kind, Instant dueAt, @Nullable Instant toldEnd, @Nullable ReminderLink link, Instant now) {
        if (link == null) {
            return Optional.of(Suppression.UNKNOWN_CONNECTION);
        }
        if (!link.current()) {
            return Optional.of(
                    link.state() == ConnectionStatus.DISCONNECTED ? Suppression.DISCONNECTED : Suppression.RENEWED);
        }
        return contradiction(kind, link, now)
                .or(() -> when(kind == ReminderKind.EXPIRING && isOfFormerPlan(toldEnd, link), Suppression.OVERTAKEN))
                .or(() -> when(
                        OF_THE_CALENDAR.contains(kind) && isSaidRenewedSince(dueAt, link), Suppression.SAID_RENEWED))
                .or(() -> link.contactsInOrder().isEmpty() ? Optional.of(Suppression.NO_CONTACT) : Optional.empty());
    }

    private static Optional<Suppression> contradiction(ReminderKind kind, ReminderLink link, Instant now) {
        ConnectionStatus state = link.state();
        return switch (kind) {
            case EXPIRING -> when(isIn(DEAD, state) || hasEnded(link, now), Suppression.OVERTAKEN);
            case EXPIRED, REVOKED -> when(isIn(WORKS, state), Suppression.WORKS_AGAIN);
            // Past its end it stays ACTIVE until it is probed: that does not contradict.
            case OVERDUE -> when(state == ConnectionStatus.ACTIVE && !hasEnded(link, now), Suppression.WORKS_AGAIN);
            case RECONNECTED -> when(isIn(DEAD, state), Suppression.OVERTAKEN);
            case CONSENT_FAILED, LINK, CAMPAIGN -> Optional.empty();
        };
    }

    private static boolean isSaidRenewedSince(Instant dueAt, ReminderLink link) {
        Instant said = link.saidRenewedAt();
        return said != null && !said.isBefore(dueAt);
    }

    /** Its stage is told again when the end that is known now is that far away. */
    private static boolean isOfFormerPlan(@Nullable Instant toldEnd, ReminderLink link) {
        return toldEnd != null && link.endsAt() != null && !link.endsAt().isBefore(toldEnd.plus(NEW_PLAN));
    }

    private static boolean hasEnded(ReminderLink link, Instant now) {
        return link.endsAt() != null && !link.endsAt().isAfter(now);
    }

    private static boolean isIn(Set<ConnectionStatus> states, @Nullable ConnectionStatus state) {
        return state != null && states.contains(state);
    }

    private static Optional<Suppression> when(boolean objects, Suppression suppression) {
        return objects ? Optional.of(suppression) : Optional.empty();
    }
}
