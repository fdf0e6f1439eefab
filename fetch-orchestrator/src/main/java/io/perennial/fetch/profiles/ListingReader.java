package io.perennial.fetch.profiles;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.perennial.fetch.orders.ProviderAnswer;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what an answer to {@code GET /v2/profiles} means. A list is taken whole or not at all: a profile whose id lost its
 * digits on the way would be somebody else's.
 */
final class ListingReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Pattern PROFILE_ID = Pattern.compile("[1-9][0-9]{0,24}");
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,3}");
    private static final long LONGEST_WAIT_SECONDS = 3600;
    private static final int LONGEST_TEXT = 200;
    private static final int MOST_DIGITS = 20;

    private ListingReader() {}

    /** @param retryAfter the header of a 429; one that is no number of seconds within an hour is none */
    static ProviderAnswer read(int status, byte[] body, @Nullable String retryAfter) {
        if (status == 200) {
            return listing(json(body)).<ProviderAnswer>map(list -> list).orElseGet(ListingReader::unreadable);
        }
        if (status == 429) {
            return new ProviderAnswer.Delayed(status, wait(retryAfter));
        }
        if (status >= 500) {
            return new ProviderAnswer.Unavailable("PROVIDER_UNAVAILABLE", status);
        }
        if (status == 401) {
            return new ProviderAnswer.AccessTokenExpired();
        }
        // Not Amazon's envelope: a proxy or an outage page. That is no verdict about the merchant.
        return status >= 400 && json(body).path("code").isTextual()
                ? new ProviderAnswer.Refused("REQUEST_REFUSED", status)
                : new ProviderAnswer.Unavailable("ANSWER_UNREADABLE", status >= 400 ? status : 0);
    }

    private static ProviderAnswer unreadable() {
        return new ProviderAnswer.Unavailable("ANSWER_UNREADABLE");
    }

    private static @Nullable Duration wait(@Nullable String retryAfter) {
        if (retryAfter == null || !SECONDS.matcher(retryAfter.strip()).matches()) {
            return null;
        }
        long seconds = Long.parseLong(retryAfter.strip());
        return seconds > LONGEST_WAIT_SECONDS ? null : Duration.ofSeconds(seconds);
    }

    private static Optional<ListedProfiles> listing(JsonNode array) {
        if (!array.isArray()) {
            return Optional.empty();
        }
        Map<String, AdProfile> found = new LinkedHashMap<>();
        for (JsonNode one : array) {
            JsonNode id = one.path("profileId");
            String digits = id.isIntegralNumber() ? id.bigIntegerValue().toString() : "";
            if (!PROFILE_ID.matcher(digits).matches()) {
                return Optional.empty();
            }
            found.put(digits, profile(digits, one));
        }
        return Optional.of(new ListedProfiles(found));
    }

    private static AdProfile profile(String id, JsonNode one) {
        JsonNode account = one.path("accountInfo");
        JsonNode payment = account.path("validPaymentMethod");
        return new AdProfile(
                id,
                text(one, "countryCode"),
                text(one, "currencyCode"),
                text(one, "timezone"),
                amount(one.path("dailyBudget")),
                text(account, "marketplaceStringId"),
                text(account, "id"),
                text(account, "name"),
                text(account, "type"),
                payment.isBoolean() ? payment.booleanValue() : null);
    }

    private static @Nullable BigDecimal amount(JsonNode node) {
        if (!node.isNumber()) {
            return null;
        }
        BigDecimal amount = node.decimalValue();
        boolean sane = amount.signum() >= 0
                && amount.precision() <= MOST_DIGITS
                && Math.abs((long) amount.scale()) <= MOST_DIGITS;
        return sane ? amount : null;
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            return null;
        }
        String text = value.textValue().replace('\0', ' ');
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            return root == null ? JSON.missingNode() : root;
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }
}
