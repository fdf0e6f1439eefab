package io.perennial.auth.authorization.guard;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the account guard goes by. All times are of the domain clock. */
@ConfigMapping(prefix = "perennial.guard")
public interface GuardConfig {
    /** How long after it was placed an order counts as evidence. Amazon returns orders of two years. */
    @WithDefault("P700D")
    Duration orderLife();

    /** How long evidence that can not be had now is asked for before an operator decides instead. */
    @WithDefault("PT1H")
    Duration patience();

    /** How long a consent waits for an operator before it is put away. */
    @WithDefault("P7D")
    Duration reviewLife();
}
