package io.perennial.monitor.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.monitor.calendar.ExpiryCalendar.Day;
import io.perennial.monitor.calendar.ExpiryCalendar.OfTenant;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calendar in the words of others: RFC 4180 and RFC 5545. */
class CalendarTextTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:11:12.345678Z");
    private static final LocalDate DAY = LocalDate.parse("2026-12-31");

    @Test
    void a_sheet_has_a_line_for_each_day_and_tenant() {
        assertThat(new CalendarAsCsv().told(of(new OfTenant("acme", 2), new OfTenant("b.eta-1", 1))))
                .isEqualTo("date,tenant,connections\r\n2026-12-31,acme,2\r\n2026-12-31,b.eta-1,1\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "=cmd|'/c calc'!A1", "-\n1"})
    void no_cell_is_a_formula(String value) {
        assertThat(CalendarAsCsv.cell(value)).startsWith("\"'").endsWith("\"");
    }

    @Test
    void a_cell_never_ends_before_its_end() {
        assertThat(CalendarAsCsv.cell("a,\"b\"\r\n=c")).isEqualTo("\"a,\"\"b\"\"\r\n=c\"");
    }

    @Test
    void a_day_is_an_event_that_keeps_its_id() {
        assertThat(new CalendarAsICalendar().told(of(new OfTenant("acme", 1))))
                .isEqualTo(
                        """
                        BEGIN:VCALENDAR
                        VERSION:2.0
                        PRODID:-//Perennial//token-monitor//EN
                        BEGIN:VEVENT
                        UID:20261231.expiries@perennial
                        DTSTAMP:20261122T101112Z
                        DTSTART;VALUE=DATE:20261231
                        DTEND;VALUE=DATE:20270101
                        SUMMARY:1 authorization ends
                        DESCRIPTION:acme: 1
                        TRANSP:TRANSPARENT
                        END:VEVENT
                        END:VCALENDAR
                        """
                                .replace("\n", "\r\n"));
    }

    @Test
    void a_long_line_is_folded_after_75_octets_and_never_within_a_character() {
        String tenants = "Müller & Söhne 🛒, ".repeat(30) + "x".repeat(200);
        StringBuilder text = new StringBuilder();

        CalendarAsICalendar.line(text, "DESCRIPTION:" + tenants);

        assertThat(text.toString()).endsWith("\r\n");
        assertThat(text.toString().split("\r\n")).hasSizeGreaterThan(5).allSatisfy(line -> assertThat(
                        line.getBytes(StandardCharsets.UTF_8).length)
                .isBetween(1, 75));
        assertThat(text.toString().replace("\r\n ", "")).isEqualTo("DESCRIPTION:" + tenants + "\r\n");
    }

    @Test
    void a_text_can_not_begin_a_property() {
        assertThat(CalendarAsICalendar.escaped("a;b,c\\d\r\nBEGIN:VEVENT")).isEqualTo("a\\;b\\,c\\\\d\\nBEGIN:VEVENT");
    }

    private static ExpiryCalendar of(OfTenant... tenants) {
        return new ExpiryCalendar(List.of(new Day(DAY, List.of(tenants))), NOW);
    }
}
