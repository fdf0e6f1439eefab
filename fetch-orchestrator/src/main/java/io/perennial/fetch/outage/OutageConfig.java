package io.perennial.fetch.outage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When Amazon counts as out of order. */
@ConfigMapping(prefix = "perennial.outage")
public interface OutageConfig {
    /** Failed requests of a region in a row, without a page in between, after which nobody asks any more. */
    @WithDefault("10")
    int failures();

    /** How old a failure may be to count. */
    @WithDefault("PT5M")
    Duration memory();

    /** Between two trials while nobody else asks. */
    @WithDefault("PT30S")
    Duration trialEvery();
}
