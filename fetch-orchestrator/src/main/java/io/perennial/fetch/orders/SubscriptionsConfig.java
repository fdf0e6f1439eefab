package io.perennial.fetch.orders;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Asking after a renewal whether the application's subscription to ORDER_CHANGE still stands. */
@ConfigMapping(prefix = "perennial.subscriptions")
public interface SubscriptionsConfig {
    /** Whether it is asked at all; of no use to who has never subscribed. */
    @WithDefault("true")
    boolean enabled();

    /** Requests that may be made at once after a long pause (Notifications API v1: burst 5). */
    @WithDefault("5")
    int burst();

    /** Time in which one more request becomes possible (Notifications API v1: 1 per second). */
    @WithDefault("PT1S")
    Duration spacing();

    /** How long the answer may take: it is asked for beside the first page, which waits for it as long at most. */
    @WithDefault("PT2S")
    Duration timeout();
}
