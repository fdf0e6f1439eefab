package io.perennial.sandbox.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.sandbox.sellingpartner.Marketplace;
import io.perennial.sandbox.sellingpartner.Region;
import io.perennial.sandbox.spapi.SpApiRefusal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What somebody asks a report for ({@code CreateReportSpecification}). A window of more than 30 days is answered for its last
 * 30 days only (documentation issue 745).
 */
record ReportOrder(String type, List<String> marketplaceIds, Instant dataStart, Instant dataEnd) {

    static final String ALL_ORDERS_BY_LAST_UPDATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";

    private static final Set<String> FIELDS =
            Set.of("reportType", "marketplaceIds", "dataStartTime", "dataEndTime", "reportOptions");
    private static final int MOST_MARKETPLACES = 25;
    private static final Duration LONGEST = Duration.ofDays(30);

    static ReportOrder of(ObjectMapper json, String body, Region endpoint, Instant now) {
        JsonNode order = parse(json, body);
        order.fieldNames().forEachRemaining(name -> check(FIELDS.contains(name), "Unknown field " + name + "."));
        String type = order.path("reportType").asText("");
        check(type.equals(ALL_ORDERS_BY_LAST_UPDATE), "Report type " + type + " is not valid.");
        Instant end = instant(order, "dataEndTime", now);
        Instant start = instant(order, "dataStartTime", now);
        check(!end.isAfter(now) && !start.isAfter(end), "dataStartTime, dataEndTime and now must follow each other.");
        Instant earliest = end.minus(LONGEST);
        return new ReportOrder(type, marketplaces(order, endpoint), start.isBefore(earliest) ? earliest : start, end);
    }

    private static JsonNode parse(ObjectMapper json, String body) {
        try {
            JsonNode order = json.readTree(body);
            check(order != null && order.isObject(), "The body is not an object.");
            return order;
        } catch (JsonProcessingException e) {
            throw SpApiRefusal.invalidInput("The body is not valid JSON.");
        }
    }

    private static List<String> marketplaces(JsonNode order, Region endpoint) {
        List<String> ids = new ArrayList<>();
        order.path("marketplaceIds").forEach(id -> ids.add(id.asText()));
        check(!ids.isEmpty() && ids.size() <= MOST_MARKETPLACES, "marketplaceIds must name 1 to 25 marketplaces.");
        for (String id : ids) {
            Marketplace marketplace = Marketplace.withId(id)
                    .orElseThrow(() -> SpApiRefusal.invalidInput("marketplaceIds has an unknown value."));
            if (marketplace.region() != endpoint) {
                throw SpApiRefusal.denied("The marketplaces you provided are not valid for region.");
            }
        }
        return ids;
    }

    private static Instant instant(JsonNode order, String field, Instant otherwise) {
        if (order.path(field).isMissingNode()) {
            return otherwise;
        }
        try {
            return OffsetDateTime.parse(order.get(field).asText()).toInstant().truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException e) {
            throw SpApiRefusal.invalidInput(field + " is not a date-time.");
        }
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw SpApiRefusal.invalidInput(message);
        }
    }
}
