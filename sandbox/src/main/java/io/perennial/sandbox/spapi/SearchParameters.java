package io.perennial.sandbox.spapi;

import io.perennial.sandbox.order.FulfillmentStatus;
import io.perennial.sandbox.order.OrderQuery.Axis;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of searchOrders, checked as the model says.
 *
 * @param before absent when the caller left the end open
 * @param identity everything that must be the same on the next page: all but page token, page size and included data
 */
record SearchParameters(
        Axis axis,
        Instant after,
        @Nullable Instant before,
        List<String> marketplaceIds,
        Set<String> statuses,
        Set<String> fulfilledBy,
        int pageSize,
        @Nullable String pageToken,
        Set<IncludedData> includedData,
        String identity) {

    /** An end must be this old: Amazon's data are that late. */
    static final Duration DATA_DELAY = Duration.ofMinutes(2);

    private static final int MOST_MARKETPLACES = 50;
    private static final int LARGEST_PAGE = 100;
    private static final Set<String> TIMES =
            Set.of("createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore");
    private static final Set<String> OTHERS = Set.of(
            "marketplaceIds",
            "fulfillmentStatuses",
            "fulfilledBy",
            "maxResultsPerPage",
            "paginationToken",
            "includedData");
    private static final Set<String> FREE_TO_CHANGE = Set.of("maxResultsPerPage", "paginationToken", "includedData");

    /** Data sets that an order carries only when asked for. */
    enum IncludedData {
        BUYER,
        RECIPIENT,
        PROCEEDS,
        EXPENSE,
        PROMOTION,
        CANCELLATION,
        FULFILLMENT,
        PACKAGES,
        TAX,
        PAYMENT,
        FULFILLMENT_ORDERS
    }

    /** @throws SpApiRefusal naming the first parameter that is wrong */
    static SearchParameters of(Map<String, List<String>> query, Instant now) {
        query.keySet().forEach(SearchParameters::checkKnown);
        Instant createdAfter = instant(query, "createdAfter");
        Instant createdBefore = instant(query, "createdBefore");
        Instant updatedAfter = instant(query, "lastUpdatedAfter");
        Instant updatedBefore = instant(query, "lastUpdatedBefore");
        if ((createdAfter == null) == (updatedAfter == null)) {
            throw SpApiRefusal.invalidInput("Exactly one of createdAfter and lastUpdatedAfter must be provided.");
        }
        if (createdAfter != null && updatedBefore != null) {
            throw SpApiRefusal.invalidInput("lastUpdatedBefore can not be provided with createdAfter.");
        }
        if (updatedAfter != null && createdBefore != null) {
            throw SpApiRefusal.invalidInput("createdBefore can not be provided with lastUpdatedAfter.");
        }
        Axis axis = createdAfter != null ? Axis.CREATED : Axis.UPDATED;
        Instant after = createdAfter != null ? createdAfter : Objects.requireNonNull(updatedAfter);
        Instant before = createdAfter != null ? createdBefore : updatedBefore;
        checkWindow(axis, after, before, now);
        List<String> marketplaceIds = list(query, "marketplaceIds");
        if (marketplaceIds.size() > MOST_MARKETPLACES) {
            throw SpApiRefusal.invalidInput(
                    "marketplaceIds must not have more than " + MOST_MARKETPLACES + " entries.");
        }
        return new SearchParameters(
                axis,
                after,
                before,
                marketplaceIds,
                names(query, "fulfillmentStatuses", FulfillmentStatus.values()),
                fulfilledBy(query),
                pageSize(query),
                single(query, "paginationToken"),
                includedData(query),
                identity(query));
    }

    static Set<IncludedData> includedData(Map<String, List<String>> query) {
        return names(query, "includedData", IncludedData.values()).stream()
                .map(IncludedData::valueOf)
                .collect(Collectors.toSet());
    }

    private static void checkKnown(String name) {
        if (!TIMES.contains(name) && !OTHERS.contains(name)) {
            throw SpApiRefusal.invalidInput("Unknown query parameter: " + name + ".");
        }
    }

    private static void checkWindow(Axis axis, Instant after, @Nullable Instant before, Instant now) {
        String name = axis == Axis.CREATED ? "created" : "lastUpdated";
        Instant latest = now.minus(DATA_DELAY);
        if (before != null && before.isAfter(latest)) {
            throw SpApiRefusal.invalidInput(
                    name + "Before must be at least two minutes before the time of the request.");
        }
        if (before != null && before.isBefore(after)) {
            throw SpApiRefusal.invalidInput(name + "Before must be equal to or after " + name + "After.");
        }
        if (before == null && after.isAfter(latest)) {
            throw SpApiRefusal.invalidInput(
                    name + "After must be at least two minutes before the time of the request.");
        }
    }

    /** The end that holds: the caller's, or the newest that Amazon has. */
    Instant upperBound(Instant now) {
        return before != null ? before : now.minus(DATA_DELAY).truncatedTo(ChronoUnit.SECONDS);
    }

    private static @Nullable Instant instant(Map<String, List<String>> query, String name) {
        String text = single(query, name);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw SpApiRefusal.invalidInput(name + " is not a valid ISO 8601 date-time.");
        }
    }

    private static int pageSize(Map<String, List<String>> query) {
        String text = single(query, "maxResultsPerPage");
        if (text == null) {
            return LARGEST_PAGE;
        }
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > LARGEST_PAGE) {
            throw SpApiRefusal.invalidInput("maxResultsPerPage must be between 1 and " + LARGEST_PAGE + ".");
        }
        return Integer.parseInt(text);
    }

    private static Set<String> fulfilledBy(Map<String, List<String>> query) {
        List<String> values = list(query, "fulfilledBy");
        if (!Set.of("MERCHANT", "AMAZON").containsAll(values)) {
            throw SpApiRefusal.invalidInput("fulfilledBy has an unknown value.");
        }
        return Set.copyOf(values);
    }

    private static Set<String> names(Map<String, List<String>> query, String name, Enum<?>[] known) {
        List<String> values = list(query, name);
        Set<String> allowed = Arrays.stream(known).map(Enum::name).collect(Collectors.toSet());
        if (!allowed.containsAll(values)) {
            throw SpApiRefusal.invalidInput(name + " has an unknown value.");
        }
        return Set.copyOf(values);
    }

    private static @Nullable String single(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1 || values.get(0).isBlank()) {
            throw SpApiRefusal.invalidInput(name + " must be provided once.");
        }
        return values.get(0);
    }

    private static List<String> list(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of()).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .toList();
        if (values.stream().anyMatch(String::isBlank)) {
            throw SpApiRefusal.invalidInput(name + " has an empty value.");
        }
        return values;
    }

    private static String identity(Map<String, List<String>> query) {
        Map<String, List<String>> kept = new TreeMap<>(query);
        kept.keySet().removeAll(FREE_TO_CHANGE);
        return kept.toString();
    }
}
