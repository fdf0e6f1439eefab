package io.perennial.fetch.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A usage plan as the provider enforces it, read from its documentation alone: a bucket is refilled steadily up to its
 * burst, a request costs one token. Counted in nanoseconds of refill, so that no rounding helps or harms.
 */
final class ProviderBucket {
    private final int burst;
    private long nanosPerToken;
    private long credit;
    private Instant refilledAt = Instant.MIN;
    private final List<Instant> arrivals = new ArrayList<>();
    private int refused;

    ProviderBucket(int burst, Duration perToken) {
        this.burst = burst;
        this.nanosPerToken = perToken.toNanos();
        this.credit = burst * nanosPerToken;
    }

    /** Whether a request that arrives now is let through. */
    boolean arrive(Instant at) {
        refill(at);
        if (credit < nanosPerToken) {
            refused++;
            return false;
        }
        credit -= nanosPerToken;
        arrivals.add(at);
        return true;
    }

    /** From now on tokens come at another rate; those that are there stay. */
    void changeRate(Instant at, Duration perToken) {
        refill(at);
        credit = (long) ((double) credit / nanosPerToken * perToken.toNanos());
        nanosPerToken = perToken.toNanos();
    }

    int refused() {
        return refused;
    }

    List<Instant> arrivals() {
        return arrivals;
    }

    private void refill(Instant at) {
        if (refilledAt != Instant.MIN && at.isAfter(refilledAt)) {
            credit = Math.min(
                    burst * nanosPerToken,
                    credit + Duration.between(refilledAt, at).toNanos());
        }
        if (refilledAt == Instant.MIN || at.isAfter(refilledAt)) {
            refilledAt = at;
        }
    }
}
