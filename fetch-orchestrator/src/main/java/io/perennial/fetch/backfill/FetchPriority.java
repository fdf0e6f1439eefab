package io.perennial.fetch.backfill;

import io.perennial.contracts.FetchReason;

/** Who goes first when more is due than can be worked on. Stored by its place. */
enum FetchPriority {
    /** Somebody waits for it: "Fetch My Data", or a merchant who has just renewed. */
    AWAITED,
    /** Daily fetches, and the first load of a merchant who has just consented. */
    ROUTINE,
    /** First loads of an import: many, and nobody waits for any of them. */
    IMPORTED;

    private static final FetchPriority[] ALL = values();

    static FetchPriority of(FetchReason reason) {
        return reason == FetchReason.MANUAL || reason == FetchReason.RENEWAL_GAP ? AWAITED : ROUTINE;
    }

    static FetchPriority at(int place) {
        return ALL[place];
    }
}
