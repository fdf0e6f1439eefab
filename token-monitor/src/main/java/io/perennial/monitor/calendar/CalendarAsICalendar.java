package io.perennial.monitor.calendar;

import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;

/**
 * The calendar for calendars (RFC 5545): one all-day event for each day on which grants end. A day keeps its UID, so a
 * calendar that asks again changes its event instead of adding one.
 */
@Provider
@Produces(ExpiryCalendar.ICALENDAR)
public class CalendarAsICalendar extends CalendarText {
    /** Longest line in octets, its end not counted (RFC 5545, 3.1). */
    private static final int LONGEST_LINE = 75;

    /** A description is read by a person; what has no room is counted. */
    private static final int MOST_TENANTS = 50;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Override
    String told(ExpiryCalendar calendar) {
        StringBuilder text = new StringBuilder();
        line(text, "BEGIN:VCALENDAR");
        line(text, "VERSION:2.0");
        line(text, "PRODID:-//Perennial//token-monitor//EN");
        calendar.days().forEach(day -> event(text, day, STAMP.format(calendar.asOf())));
        line(text, "END:VCALENDAR");
        return text.toString();
    }

    private static void event(StringBuilder text, ExpiryCalendar.Day day, String stamp) {
        String date = date(day.date());
        String what = day.count() == 1 ? " authorization ends" : " authorizations end";
        line(text, "BEGIN:VEVENT");
        line(text, "UID:" + date + ".expiries@perennial");
        line(text, "DTSTAMP:" + stamp);
        line(text, "DTSTART;VALUE=DATE:" + date);
        line(text, "DTEND;VALUE=DATE:" + date(day.date().plusDays(1)));
        line(text, "SUMMARY:" + day.count() + what);
        line(text, "DESCRIPTION:" + escaped(byTenant(day)));
        line(text, "TRANSP:TRANSPARENT");
        line(text, "END:VEVENT");
    }

    private static String byTenant(ExpiryCalendar.Day day) {
        String named = day.ofTenants().stream()
                .limit(MOST_TENANTS)
                .map(of -> of.tenant() + ": " + of.count())
                .collect(Collectors.joining("\n"));
        int left = day.ofTenants().size() - MOST_TENANTS;
        return left <= 0 ? named : named + "\nand " + left + " more tenants";
    }

    private static String date(LocalDate date) {
        return DateTimeFormatter.BASIC_ISO_DATE.format(date);
    }

    /** Text as RFC 5545, 3.3.11 wants it. */
    static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replace("\r", "")
                .replace("\n", "\\n");
    }

    /** Folds a line between characters, never within one. The space that begins a continuation counts. */
    static void line(StringBuilder text, String content) {
        int octets = 0;
        for (int at = 0; at < content.length(); at = content.offsetByCodePoints(at, 1)) {
            int next = content.offsetByCodePoints(at, 1);
            String character = content.substring(at, next);
            int size = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets + size > LONGEST_LINE) {
                text.append("\r\n ");
                octets = 1;
            }
            text.append(character);
            octets += size;
        }
        text.append("\r\n");
    }
}
