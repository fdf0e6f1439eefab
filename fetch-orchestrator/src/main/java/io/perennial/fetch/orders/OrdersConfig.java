package io.perennial.fetch.orders;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How Amazon is asked for orders. */
@ConfigMapping(prefix = "perennial.orders")
public interface OrdersConfig {
    /** Orders per page; Amazon allows 1 to 100. A page costs one request of the quota whatever its size. */
    @WithDefault("100")
    int pageSize();

    /** How long one request may take. */
    @WithDefault("PT30S")
    Duration timeout();

    /** Largest answer that is read, in bytes. A hundred large orders have about one tenth of it. */
    @WithDefault("6291456")
    int largestAnswer();

    /** Connections to one host. */
    @WithDefault("64")
    int connections();
}
