package io.perennial.fetch.report;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When and how orders are read from reports instead of pages. */
@ConfigMapping(prefix = "perennial.reports")
public interface ReportsConfig {
    /** Whether reports may be chosen. Those that were ordered before are read to their end. */
    @WithDefault("true")
    boolean enabled();

    /** How much sooner than pages a report must be through: pages deliver from the first minute, and tell more. */
    @WithDefault("PT1H")
    Duration smallestGain();

    /**
     * How long Amazon is expected to work on one report. Small ones took three to five minutes, in a bad week over an hour
     * (SP-API models issue 2258).
     */
    @WithDefault("PT15M")
    Duration expectedProcessing();

    /** After how long a report that is not ready is given up, and pages are read instead. */
    @WithDefault("PT12H")
    Duration longestProcessing();

    /**
     * Longest window of one report (SP-API documentation issue 745: what is older than 30 days was left out silently). A little
     * less, because windows are ordered to whole seconds.
     */
    @WithDefault("PT719H58M")
    Duration longestWindow();

    /** Orders that one report is planned to have, as far as the seller's usual day is known. */
    @WithDefault("50000")
    int mostOrders();

    /** Pause before the first look at a new report; it grows by half each time. */
    @WithDefault("PT30S")
    Duration firstPoll();

    /** Longest pause between two looks. */
    @WithDefault("PT5M")
    Duration longestPoll();

    /** Failed reports and documents in one part of a window after which pages are read instead. */
    @WithDefault("2")
    int mostFailures();

    /** Largest document as it is downloaded, in bytes; held in memory. */
    @WithDefault("16777216")
    int largestDownload();

    /** Largest document when it is unpacked, in bytes; read line by line. Fifty thousand orders have about a fifth of it. */
    @WithDefault("134217728")
    int largestDocument();

    /** How long a download may take; the link lives five minutes (reports_2021-06-30). */
    @WithDefault("PT2M")
    Duration timeout();

    /** Documents that are downloaded and read at the same time by this process. */
    @WithDefault("2")
    int parallelDocuments();

    /** Orders of a document that are stored in one transaction. */
    @WithDefault("500")
    int batch();

    /** Reports that may be ordered, and documents asked for, at once after a long pause (reports_2021-06-30: burst 15). */
    @WithDefault("15")
    int burst();

    /** Time in which one more report or document becomes possible (reports_2021-06-30: 0.0167 a second). */
    @WithDefault("PT60S")
    Duration spacing();

    /** Looks for lost reports that may be made at once (reports_2021-06-30, getReports: burst 10). */
    @WithDefault("10")
    int listBurst();

    /** Time in which one more of them becomes possible (reports_2021-06-30: 0.0222 a second). */
    @WithDefault("PT45S")
    Duration listSpacing();

    /** Looks at reports that may be made at once (reports_2021-06-30: burst 15). */
    @WithDefault("15")
    int pollBurst();

    /** Time in which one more look becomes possible (reports_2021-06-30: 2 a second). */
    @WithDefault("PT0.5S")
    Duration pollSpacing();
}
