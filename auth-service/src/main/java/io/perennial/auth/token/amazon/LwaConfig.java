package io.perennial.auth.token.amazon;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the provider's token endpoint and API are called. */
@ConfigMapping(prefix = "perennial.lwa")
public interface LwaConfig {
    /** How long an answer may take. A merchant waits for it. */
    @WithDefault("PT10S")
    Duration timeout();

    /** Largest answer that is read; tokens are at most 2,048 bytes each. */
    @WithDefault("65536")
    int maxAnswer();

    /** An access token is not given out for its last seconds; Amazon's own SDK keeps the same margin. */
    @WithDefault("PT60S")
    Duration margin();
}
