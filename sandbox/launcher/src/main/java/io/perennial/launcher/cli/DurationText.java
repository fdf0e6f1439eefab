package io.perennial.launcher.cli;

import io.perennial.launcher.LauncherException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people type them: {@code 335d}, {@code 12h}, {@code 1w2d}, or ISO-8601 ({@code P7D}, {@code PT12H}). */
final class DurationText {

    private static final Pattern SHORT =
            Pattern.compile("(?:(\\d{1,4})w)?(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,7})m)?(?:(\\d{1,8})s)?");

    private DurationText() {}

    /** A duration greater than zero; anything else is refused in words for the person who typed it. */
    static Duration parse(String text) {
        Duration duration = text.isEmpty() ? Duration.ZERO : shortOrIso(text);
        if (duration.isZero() || duration.isNegative()) {
            throw refused(text);
        }
        return duration;
    }

    private static Duration shortOrIso(String text) {
        Matcher matcher = SHORT.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            return Duration.ofDays(7 * number(matcher, 1) + number(matcher, 2))
                    .plusHours(number(matcher, 3))
                    .plusMinutes(number(matcher, 4))
                    .plusSeconds(number(matcher, 5));
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw refused(text);
        }
    }

    private static long number(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static LauncherException refused(String text) {
        return new LauncherException(
                "'" + text + "' is not a duration to move forward by; examples: 335d, 12h, 1w2d, P7D, PT90M");
    }
}
