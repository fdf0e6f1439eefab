package io.perennial.console.words;

import io.quarkus.qute.TemplateExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Instants as people read them, in UTC and saying so where the time of day matters. */
@TemplateExtension
public final class Moments {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter WEEKDAY = DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy", Locale.ENGLISH);

    private Moments() {}

    /** The day: 15 Jan 2027. */
    public static String day(Instant instant) {
        return DAY.format(instant);
    }

    /** The minute: 15 Jan 2027, 09:30 UTC. */
    public static String minute(Instant instant) {
        return MINUTE.format(instant);
    }

    /** The day with its weekday: Friday, 15 January 2027. */
    public static String weekday(LocalDate date) {
        return WEEKDAY.format(date);
    }

    /** Whole days until then; a begun day counts, days past the end are negative. */
    public static long daysUntil(Instant end, Instant now) {
        long seconds = Duration.between(now, end).toSeconds();
        return -Math.floorDiv(-seconds, Duration.ofDays(1).toSeconds());
    }

    /** How long until then, in words: "in 12 days", "today", "3 days ago". */
    public static String distance(Instant end, Instant now) {
        long days = daysUntil(end, now);
        if (days > 0) {
            return days == 1 ? "1 day left" : days + " days left";
        }
        if (days == 0) {
            return end.isAfter(now) ? "ends today" : "ended today";
        }
        return days == -1 ? "1 day ago" : -days + " days ago";
    }
}
