package io.perennial.auth.campaign;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Bounds of campaigns. */
@ConfigMapping(prefix = "perennial.campaigns")
public interface CampaignConfig {
    /** Whether this process runs the loop that asks for mails. */
    @WithDefault("true")
    boolean enabled();

    /** Most connections of one campaign. */
    @WithDefault("100000")
    @Min(1)
    int mostConnections();

    /** Connections that one link covers at most: as many as a merchant can work through on one page. */
    @WithDefault("50")
    @Min(1)
    @Max(50)
    int connectionsPerLink();

    /** Mails a minute where a campaign does not say. */
    @WithDefault("60")
    @Min(1)
    int mailsPerMinute();

    /** How often a campaign whose mails are all asked for is looked at again. */
    @WithDefault("PT30S")
    Duration lookAgain();
}
