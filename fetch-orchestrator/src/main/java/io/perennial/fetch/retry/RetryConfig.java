package io.perennial.fetch.retry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Which requests are tried again that Amazon answered with an error, as long as nothing else was set by request. */
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

    /** What is different for sellers. */
    OfProvider amazonSeller();

    /** What is different for vendors. */
    OfProvider amazonVendor();

    /** What is different for advertisers. */
    OfProvider amazonAds();

    /** The same keys for one provider; what is absent is as for all. */
    interface OfProvider {
        Optional<RetryMode> mode();

        Optional<List<Integer>> statuses();

        Optional<Integer> mostAttempts();

        Optional<Boolean> multiply();
    }
}
