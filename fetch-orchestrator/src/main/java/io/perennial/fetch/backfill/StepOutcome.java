package io.perennial.fetch.backfill;

/** How a step of a job ended. */
sealed interface StepOutcome {
    /** The next page may be asked for at once, under the same lease. */
    record More(FetchJob next) implements StepOutcome {}

    /** The job waits in its row, or is finished. */
    record Released() implements StepOutcome {}

    /** Somebody else holds the job, or it was parked or cancelled: nothing was written. */
    record Lost() implements StepOutcome {}

    static StepOutcome released(boolean written) {
        return written ? new Released() : new Lost();
    }
}
