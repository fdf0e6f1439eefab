package io.perennial.monitor.calendar;

import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ext.Provider;

/** The calendar for a spreadsheet (RFC 4180): one line for each day and tenant. */
@Provider
@Produces(ExpiryCalendar.CSV)
public class CalendarAsCsv extends CalendarText {
    private static final String END = "\r\n";

    @Override
    String told(ExpiryCalendar calendar) {
        StringBuilder text = new StringBuilder("date,tenant,connections").append(END);
        for (ExpiryCalendar.Day day : calendar.days()) {
            for (ExpiryCalendar.OfTenant of : day.ofTenants()) {
                text.append(day.date()).append(',').append(cell(of.tenant())).append(',');
                text.append(of.count()).append(END);
            }
        }
        return text.toString();
    }

    /**
     * A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe (OWASP, "CSV injection"), and
     * everything that is not plain is quoted.
     */
    static String cell(String value) {
        String harmless = value.matches("(?s)[=+\\-@\t\r].*") ? "'" + value : value;
        return harmless.matches("[A-Za-z0-9._ -]*") ? harmless : '"' + harmless.replace("\"", "\"\"") + '"';
    }
}
