package io.perennial.fetch.quota;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Amazon's published usage plan of searchOrders, and what we do around it. */
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
}
