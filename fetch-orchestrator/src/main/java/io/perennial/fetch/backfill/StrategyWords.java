package io.perennial.fetch.backfill;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells a person why a fetch reads as it does. */
final class StrategyWords {
    private StrategyWords() {}

    /**
     * Plain words for a reason.
     *
     * @param code of a {@link StrategyReason}, or of the trouble because of which pages are read instead of reports
     */
    static @Nullable String of(
            @Nullable String code, @Nullable Integer searchSeconds, @Nullable Integer reportSeconds) {
        if (code == null) {
            return null;
        }
        return Arrays.stream(StrategyReason.values())
                .filter(reason -> reason.name().equals(code))
                .map(reason -> reason.message() + estimates(searchSeconds, reportSeconds))
                .findFirst()
                .orElseGet(() -> instead(Trouble.of(code)));
    }

    private static String instead(Trouble trouble) {
        // Of what could be trouble of pages too, it is said whose it was.
        String whose = trouble.isOfReports() ? "" : "No report was to be had: ";
        return whose + trouble.what() + " The orders are read page by page instead.";
    }

    private static String estimates(@Nullable Integer searchSeconds, @Nullable Integer reportSeconds) {
        return searchSeconds == null || reportSeconds == null
                ? ""
                : " Estimated: pages " + about(searchSeconds) + ", reports " + about(reportSeconds) + ".";
    }

    private static String about(int seconds) {
        Duration time = Duration.ofSeconds(seconds);
        if (time.toHours() >= 48) {
            return time.toDays() + " d";
        }
        return time.toMinutes() >= 120 ? time.toHours() + " h" : time.toMinutes() + " min";
    }
}
