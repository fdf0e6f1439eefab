package io.perennial.notify.reminder;

/** How a delivery ended, and so when the next one begins. */
enum DeliveryOutcome {
    /** A full batch was delivered or is about to leave: at once. */
    MORE_MAY_WAIT,
    /** All that was due is done or about to leave: when woken, or after the poll interval. */
    NOTHING_MORE,
    /** A sender's pace is spent: a moment later, however many reminders wait. */
    PACED,
    /** auth-service gave no links: after a pause, however many reminders wait. */
    NO_LINKS
}
