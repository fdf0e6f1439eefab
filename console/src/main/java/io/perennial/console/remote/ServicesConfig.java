package io.perennial.console.remote;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.time.Duration;

/** Where the services are. */
public interface ServicesConfig {

    /** Address of auth-service. */
    @ConfigMapping(prefix = "perennial.auth")
    interface Auth {
        /** Base address, without a path. */
        @WithDefault("http://localhost:8081")
        URI url();
    }

    /** Address of fetch-orchestrator. */
    @ConfigMapping(prefix = "perennial.fetch")
    interface Fetch {
        /** Base address, without a path. */
        @WithDefault("http://localhost:8083")
        URI url();
    }

    /** Address of notifier. */
    @ConfigMapping(prefix = "perennial.notifier")
    interface Notifier {
        /** Base address, without a path. */
        @WithDefault("http://localhost:8084")
        URI url();
    }

    /** How the console calls them. */
    @ConfigMapping(prefix = "perennial.console.calls")
    interface Calls {
        /** How long a person waits for a service before the page says that it does not answer. */
        @WithName("timeout")
        @WithDefault("8S")
        Duration timeout();
    }
}
