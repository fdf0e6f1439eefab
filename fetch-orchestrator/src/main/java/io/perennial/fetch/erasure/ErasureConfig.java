package io.perennial.fetch.erasure;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Taking back the orders of connections that were given up. */
@ConfigMapping(prefix = "perennial.erasure")
public interface ErasureConfig {
    /** How often it is looked for what was left undone; a new one is begun at once. */
    @WithDefault("PT5S")
    Duration tick();

    /** How long the answer to a batch is waited for; it takes back a thousand orders. */
    @WithDefault("PT1M")
    Duration longestBatch();

    /** Orders that one transaction takes back; as many as the relay publishes in one. */
    @WithDefault("1000")
    int batch();
}
