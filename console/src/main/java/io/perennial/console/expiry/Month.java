package io.perennial.console.expiry;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A month of the calendar: weeks from Monday to Sunday. */
record Month(String name, List<List<Day>> weeks) {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("MMMM yyyy", Locale.ENGLISH);
    private static final int MANY = 10;

    /** A day with the number of connections that end on it. */
    record Day(LocalDate date, int number, boolean inMonth, boolean today, boolean inSpan) {
        /** Name of the style class: more is darker. */
        public String css() {
            String level = number == 0 ? "ends-none" : number < MANY ? "ends-some" : "ends-many";
            return level + (today ? " today" : "") + (inSpan ? "" : " outside");
        }
    }

    static List<Month> between(LocalDate from, LocalDate to, Map<LocalDate, Integer> numbers) {
        return Stream.iterate(
                        YearMonth.from(from), month -> !month.isAfter(YearMonth.from(to)), month -> month.plusMonths(1))
                .map(month -> of(month, from, to, numbers))
                .toList();
    }

    private static Month of(YearMonth month, LocalDate from, LocalDate to, Map<LocalDate, Integer> numbers) {
        LocalDate first = month.atDay(1).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        LocalDate last = month.atEndOfMonth().with(TemporalAdjusters.nextOrSame(DayOfWeek.SUNDAY));
        List<List<Day>> weeks = Stream.iterate(first, day -> !day.isAfter(last), day -> day.plusWeeks(1))
                .map(monday -> IntStream.range(0, 7)
                        .mapToObj(monday::plusDays)
                        .map(date -> new Day(
                                date,
                                numbers.getOrDefault(date, 0),
                                YearMonth.from(date).equals(month),
                                date.equals(from),
                                !date.isBefore(from) && !date.isAfter(to)))
                        .toList())
                .toList();
        return new Month(month.format(NAME), weeks);
    }
}
