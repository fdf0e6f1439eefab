package io.perennial.fetch.watermark;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Bounds of the windows that are read. */
@ConfigMapping(prefix = "perennial.gap")
public interface GapConfig {
    /** How far back the first load of a connection reaches. */
    @WithDefault("P30D")
    Duration firstLoad();

    /** How far a fetch reaches back behind the watermark, for updates that Amazon's index learned late. */
    @WithDefault("PT15M")
    Duration overlap();

    /** How long before now a window ends. Amazon refuses less than two minutes. */
    @WithDefault("PT3M")
    Duration settling();

    /**
     * How far back Amazon answers: two years, less a margin for the time until the request is made. In
     * Japan, Australia and Singapore it is from 2016 on, whatever stands here.
     */
    @WithDefault("P729D")
    Duration history();

    /**
     * How many of the last hours the daily fetch reads once more, covered or not; zero for none. For those who want to be
     * sure that no update reached Amazon's index later than the overlap.
     */
    @WithDefault("PT0S")
    Duration sweep();
}
