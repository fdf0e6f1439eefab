package io.perennial.fetch.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.perennial.contracts.SubscriptionState;
import java.io.IOException;
import java.util.OptionalDouble;

/**
 * Says what an answer to {@code getSubscription} means. That there is none, only Amazon's own envelope says: the 404 of a
 * proxy is no verdict.
 */
final class SubscriptionReader {
    private static final JsonMapper JSON = new JsonMapper();

    private SubscriptionReader() {}

    static SubscriptionReply read(int status, byte[] body, OptionalDouble rate) {
        if (status == 200) {
            return text(json(body).path("payload").path("subscriptionId"))
                    ? new SubscriptionReply(SubscriptionState.STANDS, null, rate)
                    : unknown("ANSWER_UNREADABLE", rate);
        }
        if (status == 404) {
            return text(json(body).path("errors").path(0).path("code"))
                    ? new SubscriptionReply(SubscriptionState.MISSING, null, rate)
                    : unknown("ANSWER_UNREADABLE", rate);
        }
        return unknown(reason(RefusalReader.read(status, body, false)), rate);
    }

    private static String reason(ProviderAnswer refusal) {
        if (refusal instanceof ProviderAnswer.Throttled) {
            return SubscriptionReply.THROTTLED;
        }
        if (refusal instanceof ProviderAnswer.Retryable retryable) {
            return retryable.code();
        }
        if (refusal instanceof ProviderAnswer.Refused refused) {
            return refused.code();
        }
        boolean access =
                refusal instanceof ProviderAnswer.AccessTokenExpired || refusal instanceof ProviderAnswer.AccessRefused;
        return access ? "ACCESS_REFUSED" : "REQUEST_REFUSED";
    }

    private static SubscriptionReply unknown(String reason, OptionalDouble rate) {
        return new SubscriptionReply(SubscriptionState.UNKNOWN, reason, rate);
    }

    private static boolean text(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank();
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
