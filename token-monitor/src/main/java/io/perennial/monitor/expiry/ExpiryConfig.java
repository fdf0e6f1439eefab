package io.perennial.monitor.expiry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Settings of the expiry loop. */
@ConfigMapping(prefix = "perennial.expiry")
public interface ExpiryConfig {
    /** Whether this process announces what is due. Another replica must, where it is off. */
    @WithDefault("true")
    boolean enabled();

    /** Pause between two looks at the due set when the last one found nothing; also how long a clock jump goes unnoticed. */
    @WithDefault("PT0.5S")
    Duration interval();

    /** Connections per statement in quiet times. */
    @WithDefault("1000")
    @Min(1)
    @Max(5000)
    int smallestBatch();

    /** Connections per statement while a cohort drains; beyond 5,000 a statement holds its locks too long. */
    @WithDefault("5000")
    @Min(1)
    @Max(5000)
    int largestBatch();

    /** Longest pause while the database refuses. */
    @WithDefault("PT10S")
    Duration longestPause();

    /** Share of announcements whose trace is recorded; the trace context itself travels with each. */
    @WithDefault("${perennial.tracing.ratio:0}")
    @DecimalMin("0")
    @DecimalMax("1")
    double tracedShare();
}
