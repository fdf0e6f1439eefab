package io.perennial.auth.imports;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Bounds of imports. */
@ConfigMapping(prefix = "perennial.imports")
public interface ImportConfig {
    /** Lines that are written in one transaction. */
    @WithDefault("500")
    @Min(1)
    @Max(5_000)
    int batch();

    /** Longest line in bytes: two tokens' worth of Amazon's longest (2,048 bytes) and twenty contacts fit. */
    @WithDefault("32768")
    @Min(1_024)
    @Max(1_048_576)
    int longestLine();

    /** Most lines of one import. */
    @WithDefault("5000000")
    @Min(1)
    long mostLines();

    /** Most faults that are kept for reading; further ones are only counted. */
    @WithDefault("10000")
    @Min(1)
    long mostFaults();

    /** How long an import counts as running without a sign of life of the request that sends it; machine time. */
    @WithDefault("PT15S")
    Duration lease();

    /** Pause before the next look while the outbox has no room. */
    @WithDefault("PT0.2S")
    Duration pause();
}
