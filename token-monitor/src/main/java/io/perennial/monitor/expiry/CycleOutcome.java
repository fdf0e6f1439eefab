package io.perennial.monitor.expiry;

/** How a cycle of the expiry loop ended; also a metric's tag. */
enum CycleOutcome {
    /** Something was announced, and more may be due. */
    BATCH_FULL,
    /** What was due is announced. */
    ANNOUNCED,
    /** Nothing was due. */
    IDLE,
    /** Too many events wait to be published; nothing was claimed. */
    OUTBOX_FULL,
    /** A relay that can not render announcements is still alive; nothing was claimed. */
    OLDER_RELAY,
    /** The database refused; nothing was claimed. */
    FAILED;

    /** Whether the due set was looked at. */
    boolean looked() {
        return this == BATCH_FULL || this == ANNOUNCED || this == IDLE;
    }
}
