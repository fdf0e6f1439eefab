package io.perennial.console.connections;

import io.perennial.console.view.ConnectionFilter;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.problem.ProblemException;
import jakarta.ws.rs.QueryParam;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the address of the list asks for. */
public class ListQuestion {
    private static final Pattern SPAN = Pattern.compile("\\d{1,3}d");
    private static final int LONGEST = 200;

    @QueryParam("q")
    @Nullable
    String q;

    @QueryParam("state")
    @Nullable
    String state;

    @QueryParam("provider")
    @Nullable
    String provider;

    @QueryParam("region")
    @Nullable
    String region;

    @QueryParam("tenant")
    @Nullable
    String tenant;

    @QueryParam("consent")
    @Nullable
    String consent;

    @QueryParam("ends")
    @Nullable
    String ends;

    @QueryParam("cursor")
    @Nullable
    String cursor;

    ConnectionFilter filter(Instant now) {
        Instant from = null;
        Instant before = null;
        String when = Objects.requireNonNullElse(ends, "");
        if (!when.isBlank()) {
            boolean span = SPAN.matcher(when).matches();
            from = span ? now : day(when);
            before = span
                    ? now.plus(Duration.ofDays(Long.parseLong(when.substring(0, when.length() - 1))))
                    : from.plus(Duration.ofDays(1));
        }
        return new ConnectionFilter(
                ConnectionFilter.words(q == null || q.length() <= LONGEST ? q : q.substring(0, LONGEST)),
                one(ConnectionStatus.class, "state", state),
                one(Provider.class, "provider", provider),
                one(Region.class, "region", region),
                given(tenant) ? tenant : null,
                given(consent),
                from,
                before);
    }

    /** What is chosen; without a choice, everything that only a consent helps. */
    public ConnectionFilter orNeedingConsent(Instant now) {
        return choice().any() ? filter(now) : ConnectionFilter.needingConsent();
    }

    /** The query part of the address that this came from. */
    public String query() {
        return choice().query();
    }

    Choice choice() {
        return new Choice(
                Objects.requireNonNullElse(q, ""),
                Objects.requireNonNullElse(state, ""),
                Objects.requireNonNullElse(provider, ""),
                Objects.requireNonNullElse(region, ""),
                Objects.requireNonNullElse(tenant, ""),
                given(consent),
                Objects.requireNonNullElse(ends, ""));
    }

    /** What is chosen, for the fields and the addresses of the page. */
    record Choice(String q, String state, String provider, String region, String tenant, boolean consent, String ends) {

        public boolean any() {
            return !query().isEmpty();
        }

        /** The query part of the list's address, without a cursor. */
        public String query() {
            StringJoiner query = new StringJoiner("&");
            add(query, "q", q);
            add(query, "state", state);
            add(query, "provider", provider);
            add(query, "region", region);
            add(query, "tenant", tenant);
            add(query, "consent", consent ? "needed" : "");
            add(query, "ends", ends);
            return query.toString();
        }

        String address(@Nullable String cursor) {
            StringJoiner query = new StringJoiner("&", "/?", "");
            query.setEmptyValue("/");
            if (any()) {
                query.add(query());
            }
            add(query, "cursor", Objects.requireNonNullElse(cursor, ""));
            return query.toString();
        }

        private static void add(StringJoiner query, String name, String value) {
            if (!value.isEmpty()) {
                query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
    }

    private static boolean given(@Nullable String value) {
        return value != null && !value.isBlank();
    }

    private static <E extends Enum<E>> @Nullable E one(Class<E> kind, String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        try {
            return Enum.valueOf(kind, value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField(field, "is not one of the choices");
        }
    }

    private static Instant day(String text) {
        try {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw ProblemException.invalidField("ends", "must be a day such as 2027-01-31");
        }
    }
}
