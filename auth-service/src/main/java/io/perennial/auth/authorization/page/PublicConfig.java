package io.perennial.auth.authorization.page;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/** Where merchants' browsers reach this service. */
@ConfigMapping(prefix = "perennial.public")
public interface PublicConfig {
    /** Base of the addresses in links and mails. Never taken from a request. */
    @WithDefault("http://localhost:8081")
    URI url();
}
