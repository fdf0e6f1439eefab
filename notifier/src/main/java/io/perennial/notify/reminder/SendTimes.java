package io.perennial.notify.reminder;

import io.perennial.contracts.ReminderKind;

/** Which mails wait for the morning, and which share a mail. */
final class SendTimes {
    /** Days before the end from which there is no time to lose. */
    private static final int FINAL_STAGE = 2;

    private SendTimes() {}

    /** Whether it waits for the morning; the others leave at once. */
    static boolean waits(ReminderKind kind, int stage) {
        return switch (kind) {
            case EXPIRING -> stage > FINAL_STAGE;
            case OVERDUE -> true;
            case EXPIRED, REVOKED, RECONNECTED, CONSENT_FAILED, LINK, CAMPAIGN -> false;
        };
    }

    /** Whether it may share a mail with others of its contact. */
    static boolean isCollected(ReminderKind kind) {
        return kind == ReminderKind.EXPIRING || kind == ReminderKind.EXPIRED || kind == ReminderKind.OVERDUE;
    }
}
