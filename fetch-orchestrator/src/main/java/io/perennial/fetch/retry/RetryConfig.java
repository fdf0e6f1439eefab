package io.perennial.fetch.retry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;

/** Which refused requests are tried again, as long as nothing else was set by request. */
@ConfigMapping(prefix = "perennial.retry")
public interface RetryConfig {
    /** None, any, or those whose status matches. */
    @WithDefault("STATUS_MATCHES")
    RetryMode mode();

    /** HTTP statuses that match. Amazon's 429 on the Selling Partner API follows the quota instead, and is never counted. */
    @WithDefault("429")
    List<Integer> statuses();

    /** How often one request is tried again. */
    @WithDefault("5")
    int mostAttempts();

    /** Whether each pause is twice as long as the one before. */
    @WithDefault("true")
    boolean multiply();
}
