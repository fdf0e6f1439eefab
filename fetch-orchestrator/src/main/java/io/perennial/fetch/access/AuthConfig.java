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

    /**
     * How long an access token is used without asking for it again (machine time). When an application is suspended, calls
     * with its tokens end within this time.
     */
    @WithDefault("PT3S")
    Duration tokenKept();
}
