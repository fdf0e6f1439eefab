package io.perennial.notify.reminder;

/** Where a reminder stands. The last four are final. */
enum ReminderState {
    /** Waits for its next attempt. */
    PENDING,
    /** Claimed by a delivery under a lease. */
    SENDING,
    /** The mail server took it. */
    SENT,
    /** It will never leave; the code says why. */
    FAILED,
    /** It is not wanted any more; the code says why. */
    SUPPRESSED,
    /** It may or may not have left, and is not sent again. */
    AMBIGUOUS
}
