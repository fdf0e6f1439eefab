package io.perennial.fetch.backfill;

/** What can be due and not taken, as metrics name it. The fetches among it are classed by {@link FetchPriority}. */
enum DueWork {
    /** A daily fetch that is not planned yet. */
    DAILY_PLAN,
    AWAITED,
    ROUTINE,
    IMPORTED;

    static DueWork of(FetchPriority priority) {
        return valueOf(priority.name());
    }
}
