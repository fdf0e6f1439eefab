package io.perennial.console.campaign;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Objects;
import java.util.UUID;

/** What a person filled in for a new campaign. */
record CampaignForm(
        UUID key,
        String name,
        String reason,
        String tenant,
        String provider,
        String region,
        String state,
        String pace) {

    static CampaignForm empty() {
        return new CampaignForm(UUID.randomUUID(), "", "ROLE_ADDED", "", "", "", "", "60");
    }

    static CampaignForm of(MultivaluedMap<String, String> sent) {
        return new CampaignForm(
                key(text(sent, "key")),
                text(sent, "name"),
                text(sent, "reason"),
                text(sent, "tenant"),
                text(sent, "provider"),
                text(sent, "region"),
                text(sent, "state"),
                text(sent, "pace"));
    }

    /** As the service wants it; it is made stopped, so that the numbers can be looked at before a mail leaves. */
    JsonObject request() {
        JsonObject request =
                new JsonObject().put("name", name).put("reason", reason).put("start", false);
        put(request, "tenant", tenant);
        put(request, "provider", provider);
        put(request, "region", region);
        switch (state) {
            case "NEEDS_CONSENT" -> request.put("needsConsent", true);
            case "WORKS" -> request.put("needsConsent", false);
            case "UNKNOWN_END" -> request.put("endsUnknown", true);
            case "" -> {}
            default -> request.put("state", new JsonArray().add(state));
        }
        if (!pace.isBlank()) {
            request.put(
                    "mailsPerMinute",
                    pace.chars().allMatch(Character::isDigit) && pace.length() < 6
                            ? (Object) Integer.valueOf(pace)
                            : pace);
        }
        return request;
    }

    private static void put(JsonObject request, String field, String value) {
        if (!value.isBlank()) {
            request.put(field, value);
        }
    }

    private static String text(MultivaluedMap<String, String> sent, String field) {
        return Objects.requireNonNullElse(sent.getFirst(field), "").strip();
    }

    private static UUID key(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return UUID.randomUUID();
        }
    }
}
