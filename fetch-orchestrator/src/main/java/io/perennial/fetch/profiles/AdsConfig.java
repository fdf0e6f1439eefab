package io.perennial.fetch.profiles;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Requests to the Ads API. */
@ConfigMapping(prefix = "perennial.ads")
public interface AdsConfig {
    /** How long an answer may take. */
    @WithDefault("PT30S")
    Duration timeout();

    /** Most bytes that an answer may have; 5,000 profiles are about 2 MB. */
    @WithDefault("4194304")
    int largestAnswer();
}
