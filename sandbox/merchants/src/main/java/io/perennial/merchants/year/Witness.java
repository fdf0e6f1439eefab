package io.perennial.merchants.year;

import java.time.Instant;

/** Looks on while the year passes. */
public interface Witness {

    /** The clock has just moved, and nobody has come to rest yet. */
    default void moved(Instant now) {}

    /** All have come to rest, and who wanted to has acted. */
    default void passed(Step step) {}
}
