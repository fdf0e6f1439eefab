package io.perennial.notify.operator;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Who operates the installation. */
@ConfigMapping(prefix = "perennial.operators")
interface OperatorsConfig {
    /**
     * Addresses that hear of ending client secrets, of outages and of connections at risk, separated by commas; without one
     * nobody is mailed.
     */
    Optional<List<String>> mail();
}
