package io.perennial.fetch.quota;

import java.time.Duration;

/** A usage plan as configured, and how much of it is ours. */
record UsagePlan(int burst, Duration spacing, double share) implements QuotaConfig {
    static UsagePlan whole(int burst, Duration spacing) {
        return new UsagePlan(burst, spacing, 1);
    }

    @Override
    public Duration longestSpacing() {
        return Duration.ofHours(1);
    }

    @Override
    public Duration guard() {
        return Duration.ofMillis(500);
    }

    @Override
    public double smallestShare() {
        return 0.1;
    }

    @Override
    public double shareCut() {
        return 0.5;
    }

    @Override
    public double shareStep() {
        return 0.02;
    }
}
