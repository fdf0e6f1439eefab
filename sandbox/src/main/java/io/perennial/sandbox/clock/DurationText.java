package io.perennial.sandbox.clock;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people type them ({@code 335d}, {@code 1d12h}) or as ISO-8601 ({@code P7D}). */
final class DurationText {

    private static final Pattern SHORT =
            Pattern.compile("(?:(\\d{1,5})w)?(?:(\\d{1,6})d)?(?:(\\d{1,7})h)?(?:(\\d{1,8})m)?(?:(\\d{1,9})s)?");

    private DurationText() {}

    static Optional<Duration> parse(String text) {
        String trimmed = text.trim().toLowerCase(Locale.ROOT);
        Matcher matcher = SHORT.matcher(trimmed);
        if (!trimmed.isEmpty() && matcher.matches()) {
            return Optional.of(Duration.ofDays(7 * amount(matcher, 1) + amount(matcher, 2))
                    .plusHours(amount(matcher, 3))
                    .plusMinutes(amount(matcher, 4))
                    .plusSeconds(amount(matcher, 5)));
        }
        try {
            return Optional.of(Duration.parse(trimmed));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static long amount(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
