package io.perennial.fetch.batch;

/** What became of the wish to go on. */
public enum BatchProgress {
    BATCH,
    /** Too much waits to be published, or somebody else is at it. */
    HELD_BACK,
    NOTHING_OPEN
}
