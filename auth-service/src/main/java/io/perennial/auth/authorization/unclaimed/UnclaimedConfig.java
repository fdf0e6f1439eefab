package io.perennial.auth.authorization.unclaimed;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Rules for consents that belong to no connection yet. All times are of the domain clock. */
@ConfigMapping(prefix = "perennial.unclaimed")
public interface UnclaimedConfig {
    /** How long a consent waits to be claimed; then its token is destroyed. */
    @WithDefault("P14D")
    Duration life();

    /** Most merchants that nobody knows who may be at the provider at a time. */
    @WithDefault("1000")
    int maxOpen();

    /** Most of them in one browser. */
    @WithDefault("20")
    int maxOpenOfBrowser();

    /** Most of them from one network address, as the proxy settings let the server see it: an office, a mobile network. */
    @WithDefault("100")
    int maxOpenOfAddress();
}
