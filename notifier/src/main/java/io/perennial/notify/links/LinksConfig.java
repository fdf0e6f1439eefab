package io.perennial.notify.links;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where auth-service is. */
@ConfigMapping(prefix = "perennial.auth")
interface LinksConfig {
    /** Base address of auth-service, as other services reach it. */
    @WithDefault("http://localhost:8081")
    URI url();

    /** How long auth-service may take for one batch of links. */
    @WithDefault("PT10S")
    Duration timeout();
}
