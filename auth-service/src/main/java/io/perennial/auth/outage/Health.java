package io.perennial.auth.outage;

import java.time.Instant;

/**
 * What the breaker of an application and region says, read in the transaction that relies on it.
 *
 * @param clearedAt end of the last outage; long ago if there was none
 */
public record Health(boolean open, Instant clearedAt) {
    static final Health WELL = new Health(false, Instant.EPOCH);

    /** Whether a refusal may be the second one: suspicion counts from the end of the last outage at the earliest. */
    public Instant suspicionFrom(Instant suspectSince) {
        return suspectSince.isAfter(clearedAt) ? suspectSince : clearedAt;
    }
}
