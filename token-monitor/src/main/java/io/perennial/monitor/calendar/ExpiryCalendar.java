package io.perennial.monitor.calendar;

import java.time.LocalDate;
import java.util.List;

/** How many grants end on each day (UTC), days without any left out. */
record ExpiryCalendar(List<Day> days) {
    record Day(LocalDate date, long count) {}
}
