package io.perennial.fetch.loadstatus;

/** How much of a day was read. */
enum DayRead {
    NOTHING,
    SOME,
    ALL,
    /** Something of it can not be read any more: Amazon answers two years back and no further. */
    LOST
}
