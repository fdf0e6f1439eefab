package io.perennial.notify.reminder;

import io.perennial.contracts.ReminderKind;

/** Who else hears of it when the end comes near. */
final class Escalation {
    private static final int SECOND_CONTACT_FROM = 9;
    private static final int OPERATORS_FROM = 2;

    private Escalation() {}

    /** The second contact, from nine days before the end on. */
    static boolean toSecondContact(ReminderKind kind, int stage) {
        return isFrom(SECOND_CONTACT_FROM, kind, stage);
    }

    /** The integrator's operators, from two days before the end on. */
    static boolean toOperators(ReminderKind kind, int stage) {
        return isFrom(OPERATORS_FROM, kind, stage);
    }

    private static boolean isFrom(int days, ReminderKind kind, int stage) {
        return switch (kind) {
            case EXPIRING -> stage <= days;
            case EXPIRED, OVERDUE, REVOKED -> true;
            case RECONNECTED, CONSENT_FAILED, LINK, CAMPAIGN -> false;
        };
    }
}
