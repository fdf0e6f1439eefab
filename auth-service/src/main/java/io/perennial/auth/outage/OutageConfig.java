package io.perennial.auth.outage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When the provider or the platform is held for the culprit, and not the merchants. */
@ConfigMapping(prefix = "perennial.outage")
public interface OutageConfig {
    /** How many platform faults in a row, over all replicas, open the breaker of an application and region. */
    @WithDefault("5")
    int faults();

    /** How long after it opened, and between two trials, nothing is asked (machine time). */
    @WithDefault("PT30S")
    Duration pause();

    /** A wave: so many grants that should live, … */
    @WithDefault("20")
    int waveGrants();

    /** … of so many tenants, … */
    @WithDefault("3")
    int waveTenants();

    /** … so many times what a usual day brings, … */
    @WithDefault("5")
    int waveFactor();

    /** … were refused for the first time within this time (domain time). */
    @WithDefault("PT5M")
    Duration waveWindow();

    /**
     * A wave that lasts longer while other grants work is believed (domain time). The longest false one that is known of
     * healed after 25 minutes.
     */
    @WithDefault("PT30M")
    Duration waveHold();
}
