package io.perennial.fetch.backfill;

/** The states of a fetch. */
public enum FetchState {
    /** Not begun, or waiting until a trouble is over. */
    WAITING,
    /** Pages are being read; between two pages it may wait for the quota. */
    RUNNING,
    /** Everything it was planned for is read. */
    COMPLETED,
    /** Gave up; what it had read stays read. */
    FAILED,
    /** Waits for a renewal. */
    PARKED,
    /** Ended before its end, because its connection or its purpose went away. */
    CANCELLED
}
