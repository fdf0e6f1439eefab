package io.perennial.fetch.quota;

import java.time.Duration;

/**
 * An operation with its usage plan as the provider publishes it.
 *
 * @param burst requests that may be made at once after a long pause
 * @param spacing time in which one more request becomes possible
 */
public record Operation(String name, int burst, Duration spacing) {
    /** One without a published plan: its answers say when to come again. */
    public static Operation withoutPlan(String name) {
        return new Operation(name, 0, Duration.ZERO);
    }

    public boolean hasPlan() {
        return burst > 0;
    }
}
