package io.perennial.auth.application;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** How long client secrets live at the provider, which does not tell. All times are of the domain clock. */
@ConfigMapping(prefix = "perennial.secrets")
public interface SecretsConfig {
    /** Life of a secret whose end was not given: Amazon's rule. */
    @WithDefault("P180D")
    Duration life();

    /** How long the former secret is still good after a new one was made: Amazon's rule. */
    @WithDefault("P7D")
    Duration overlap();

    /** Days before the end of the newest secret at which operators are told. */
    @WithDefault("90,30,14,7,1")
    List<Integer> stages();
}
