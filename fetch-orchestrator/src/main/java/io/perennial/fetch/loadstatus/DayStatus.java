package io.perennial.fetch.loadstatus;

/** How much of a day is there. */
enum DayStatus {
    /** Read to the end. */
    COMPLETE,
    /** Some of it was read. */
    PARTIAL,
    /** A fetch is at it, or will be. */
    RUNNING,
    /** A fetch gave up. */
    FAILED,
    /** The authorization has ended; nothing can be read. */
    NO_ACCESS,
    /** A fetch waits for the renewal. */
    PARKED,
    /** This kind of connection has nothing to fetch. */
    NOT_OFFERED,
    /** Never asked for. */
    NONE
}
