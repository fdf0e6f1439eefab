package io.perennial.sandbox.issuer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The OIDC issuer at {@code http://127.0.0.1:PORT/perennial}. */
@ConfigMapping(prefix = "perennial.sandbox.issuer")
public interface IssuerConfig {

    /** Port on 127.0.0.1. */
    @WithDefault("8091")
    int port();

    /** How long access and ID tokens live, on the machine clock. */
    @WithDefault("PT1H")
    Duration tokenLifetime();
}
