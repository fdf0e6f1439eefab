package io.perennial.fetch.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Locale;

/**
 * Says what an answer without a page means. For 403 Amazon's {@code details} decide; the texts are those seen on the wire
 * (SP-API documentation issues 2147, 3153; developer guide), compared without regard to case.
 */
final class RefusalReader {
    private static final JsonMapper JSON = new JsonMapper();

    private RefusalReader() {}

    static ProviderAnswer read(int status, byte[] body, boolean withPageToken) {
        if (status == 429) {
            return new ProviderAnswer.Throttled();
        }
        if (status >= 500) {
            return new ProviderAnswer.Unavailable("PROVIDER_UNAVAILABLE", status);
        }
        if (status == 401) {
            return new ProviderAnswer.AccessTokenExpired();
        }
        JsonNode error = firstError(body);
        if (status == 403) {
            return forbidden(error);
        }
        if (status == 400) {
            return badRequest(error, withPageToken);
        }
        return status > 400 ? new ProviderAnswer.Refused("REQUEST_REFUSED", status) : unreadable();
    }

    static ProviderAnswer unreadable() {
        return new ProviderAnswer.Unavailable("ANSWER_UNREADABLE");
    }

    private static ProviderAnswer unreadable(int status) {
        return new ProviderAnswer.Unavailable("ANSWER_UNREADABLE", status);
    }

    private static ProviderAnswer forbidden(JsonNode error) {
        String details = text(error, "details");
        if (details.contains("access token you provided has expired")) {
            return new ProviderAnswer.AccessTokenExpired();
        }
        if (details.contains("revoked, malformed or invalid")) {
            return new ProviderAnswer.AccessRefused();
        }
        if (details.contains("lwa secret token") || message(error).contains("security token included in the request")) {
            // Of our application, not of this request: no status that settings could speak of.
            return new ProviderAnswer.Unavailable("PROVIDER_FAULT");
        }
        if (details.contains("not valid for region")) {
            return new ProviderAnswer.Refused("WRONG_REGION", 403);
        }
        if (text(error, "code").equals("unauthorized") && details.isBlank()) {
            return new ProviderAnswer.Refused("ROLE_MISSING", 403);
        }
        // Not Amazon's envelope: a proxy or an outage page. That is no verdict about the merchant.
        return error.isMissingNode() ? unreadable(403) : new ProviderAnswer.Refused("REQUEST_REFUSED", 403);
    }

    private static ProviderAnswer badRequest(JsonNode error, boolean withPageToken) {
        if (error.isMissingNode()) {
            return unreadable(400);
        }
        if (withPageToken) {
            return new ProviderAnswer.PageTokenRefused();
        }
        return message(error).contains("minute")
                ? new ProviderAnswer.WindowTooYoung()
                : new ProviderAnswer.Refused("REQUEST_REFUSED", 400);
    }

    private static String message(JsonNode error) {
        return text(error, "message") + " " + text(error, "details");
    }

    private static String text(JsonNode error, String field) {
        return error.path(field).asText("").toLowerCase(Locale.ROOT);
    }

    private static JsonNode firstError(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            return root == null ? JSON.missingNode() : root.path("errors").path(0);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }
}
