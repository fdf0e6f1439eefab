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
    /** The database refused; nothing was claimed. */
    FAILED
}
