package io.perennial.auth.connection.lifecycle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When grants are probed. All times are of the domain clock. */
@ConfigMapping(prefix = "perennial.probing")
public interface ProbingConfig {
    /** Whether this process runs the loop. */
    @WithDefault("true")
    boolean enabled();

    /** Longest time that a live grant stays unseen: a revocation is noticed within it. */
    @WithDefault("PT6H")
    Duration interval();

    /** Earliest second look at a grant that was refused before its end. */
    @WithDefault("PT2M")
    Duration secondLook();

    /** How often expired and revoked grants are tried: the provider may reinstate them. */
    @WithDefault("P1D")
    Duration deadInterval();

    /** When a probe without a verdict is tried again. */
    @WithDefault("PT1M")
    Duration retry();

    /** Most probes that run at a time in one process. */
    @WithDefault("16")
    int concurrency();

    /** Most probes that begin in a second for one application, over all replicas. */
    @WithDefault("50")
    int budget();

    /** Most connections that one round claims. */
    @WithDefault("200")
    int batch();
}
