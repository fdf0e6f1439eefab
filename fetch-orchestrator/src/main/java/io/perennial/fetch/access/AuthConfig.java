package io.perennial.fetch.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where auth-service is. */
@ConfigMapping(prefix = "perennial.auth")
public interface AuthConfig {
    /** Its base address. */
    @WithDefault("http://localhost:8081")
    URI url();

    /** How long a request to it may take. */
    @WithDefault("PT20S")
    Duration timeout();
}
