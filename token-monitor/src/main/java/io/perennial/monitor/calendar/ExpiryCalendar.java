package io.perennial.monitor.calendar;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * How many grants end on each day (UTC), days without any left out. As JSON the days alone; {@link CalendarAsCsv} and
 * {@link CalendarAsICalendar} tell the tenants too.
 *
 * @param asOf when this was so; domain clock
 */
record ExpiryCalendar(List<Day> days, @JsonIgnore Instant asOf) {
    static final String CSV = "text/csv";
    static final String ICALENDAR = "text/calendar";

    /** @param ofTenants by the tenant's id, in its order */
    record Day(LocalDate date, @JsonIgnore List<OfTenant> ofTenants) {
        @JsonProperty
        public long count() {
            return ofTenants.stream().mapToLong(OfTenant::count).sum();
        }
    }

    record OfTenant(String tenant, long count) {}
}
