package io.perennial.fetch.quota;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Amazon's published usage plan of searchOrders, and what we do around that and other plans. */
@ConfigMapping(prefix = "perennial.quota")
public interface QuotaConfig {
    /** Requests that may be made at once after a long pause (orders_2026-01-01: burst 20). */
    @WithDefault("20")
    int burst();

    /** Time in which one more request becomes possible (rate limit of Amazon's SDK: 1 per 180 s). */
    @WithDefault("PT180S")
    Duration spacing();

    /** Longest spacing that a rate header is believed; anything slower is taken for nonsense. */
    @WithDefault("PT1H")
    Duration longestSpacing();

    /** How much later than computed a request is made, because Amazon's clock begins to count later than ours. */
    @WithDefault("PT0.5S")
    Duration guard();

    /**
     * Part of a plan that fetching uses, burst and rate alike. The rest stays with the integrator's own calls, which count
     * on the same bucket.
     */
    @WithDefault("0.7")
    double share();

    /** What is left of our share after however many 429s. */
    @WithDefault("0.1")
    double smallestShare();

    /** What our share is multiplied with after a 429: somebody else uses the bucket, or the plan is smaller than we think. */
    @WithDefault("0.5")
    double shareCut();

    /** What is added to our share by each page, until it is as configured again. */
    @WithDefault("0.02")
    double shareStep();
}
