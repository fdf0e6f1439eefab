package io.perennial.sandbox.report;

import io.perennial.sandbox.spapi.SpApiRefusal;
import jakarta.ws.rs.core.MultivaluedMap;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which reports somebody wants to see ({@code getReports}), and after which one.
 *
 * @param before id that the page before ended with
 */
record ReportFilter(
        List<String> types,
        List<String> statuses,
        List<String> marketplaceIds,
        int pageSize,
        Instant since,
        Instant until,
        long before) {

    private static final Set<String> PARAMETERS = Set.of(
            "reportTypes",
            "processingStatuses",
            "marketplaceIds",
            "pageSize",
            "createdSince",
            "createdUntil",
            "nextToken");
    private static final Set<String> STATUSES = Set.of("CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE");
    private static final int MOST = 10;
    private static final Duration KEPT = Duration.ofDays(90);

    static ReportFilter of(MultivaluedMap<String, String> query, Instant now) {
        query.keySet().forEach(name -> check(PARAMETERS.contains(name), "Unknown parameter " + name + "."));
        String token = query.getFirst("nextToken");
        if (token != null) {
            check(query.size() == 1, "nextToken must be the only parameter.");
            return ofToken(token);
        }
        List<String> types = list(query, "reportTypes");
        check(!types.isEmpty(), "Either reportTypes or nextToken is required.");
        List<String> statuses = list(query, "processingStatuses");
        check(STATUSES.containsAll(statuses), "processingStatuses has an unknown value.");
        return new ReportFilter(
                types,
                statuses,
                list(query, "marketplaceIds"),
                pageSize(query.getFirst("pageSize")),
                instant(query.getFirst("createdSince"), now.minus(KEPT)),
                instant(query.getFirst("createdUntil"), now),
                Long.MAX_VALUE);
    }

    /** The same of what is older than a report. */
    String tokenAfter(long report) {
        String text = String.join(
                "|",
                String.join(",", types),
                String.join(",", statuses),
                String.join(",", marketplaceIds),
                Integer.toString(pageSize),
                since.toString(),
                until.toString(),
                Long.toString(report));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ReportFilter ofToken(String token) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split("\\|", -1);
            check(parts.length == 7, "nextToken is not valid.");
            return new ReportFilter(
                    split(parts[0]),
                    split(parts[1]),
                    split(parts[2]),
                    Integer.parseInt(parts[3]),
                    Instant.parse(parts[4]),
                    Instant.parse(parts[5]),
                    Long.parseLong(parts[6]));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw SpApiRefusal.invalidInput("nextToken is not valid.");
        }
    }

    boolean wants(Report report, String status) {
        return types.contains(report.type())
                && (statuses.isEmpty() || statuses.contains(status))
                && (marketplaceIds.isEmpty() || report.marketplaceIds().stream().anyMatch(marketplaceIds::contains));
    }

    private static List<String> list(MultivaluedMap<String, String> query, String name) {
        List<String> values = new ArrayList<>();
        query.getOrDefault(name, List.of()).forEach(value -> values.addAll(split(value)));
        check(!query.containsKey(name) || !values.isEmpty(), name + " must not be empty.");
        check(values.size() <= MOST, name + " must have at most " + MOST + " values.");
        return List.copyOf(values);
    }

    private static List<String> split(String values) {
        return Arrays.stream(values.split(","))
                .filter(value -> !value.isBlank())
                .toList();
    }

    private static int pageSize(@Nullable String text) {
        try {
            int size = text == null ? 10 : Integer.parseInt(text);
            check(size >= 1 && size <= 100, "pageSize must be between 1 and 100.");
            return size;
        } catch (NumberFormatException e) {
            throw SpApiRefusal.invalidInput("pageSize is not a number.");
        }
    }

    private static Instant instant(@Nullable String text, Instant otherwise) {
        try {
            return text == null ? otherwise : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw SpApiRefusal.invalidInput("createdSince and createdUntil must be date-times.");
        }
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw SpApiRefusal.invalidInput(message);
        }
    }
}
