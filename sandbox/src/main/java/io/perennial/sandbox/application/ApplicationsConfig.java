package io.perennial.sandbox.application;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What applications are held to. */
@ConfigMapping(prefix = "perennial.sandbox.app")
interface ApplicationsConfig {

    /** How long a client secret is good; Amazon's page "Rotating your app's LWA credentials" says 180 days. */
    @WithDefault("P180D")
    Duration secretLife();
}
