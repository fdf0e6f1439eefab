package io.perennial.fetch.schedule;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The daily fetch. */
@ConfigMapping(prefix = "perennial.daily")
public interface DailyConfig {
    /** Whether connections are fetched daily. */
    @WithDefault("true")
    boolean enabled();

    /** How often it is looked for what is due. */
    @WithDefault("PT1S")
    Duration tick();

    /** How many connections one transaction plans. */
    @WithDefault("200")
    int batch();

    /** How long a batch is waited for. */
    @WithDefault("PT1M")
    Duration longestBatch();
}
