package io.perennial.console.suppression;

import io.perennial.console.words.Moments;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox that is not written to, in words.
 *
 * @param connection the one whose mail it was learnt from
 * @param lifted how it ended; null while it holds
 */
record SuppressionLine(
        UUID id, UUID connection, String externalId, String tenant, String why, String since, @Nullable String lifted) {

    static SuppressionLine of(JsonObject item) {
        String liftedAt = item.getString("liftedAt");
        String because = item.getString("liftedBecause");
        return new SuppressionLine(
                UUID.fromString(item.getString("id")),
                UUID.fromString(item.getString("connectionId")),
                item.getString("externalId"),
                item.getString("tenantId"),
                why(item.getString("reason"), item.getString("code")),
                Moments.day(Instant.parse(item.getString("createdAt"))),
                liftedAt == null
                        ? null
                        : "Lifted on " + Moments.day(Instant.parse(liftedAt)) + " by " + item.getString("liftedBy")
                                + (because == null ? "" : ": " + because));
    }

    private static String why(String reason, @Nullable String code) {
        return switch (reason) {
            case "UNSUBSCRIBED" -> "Unsubscribed";
            case "COMPLAINED" -> "Called our mail unwanted";
            case "BOUNCED" ->
                "The mailbox does not exist" + (code == null || code.equals("REPORTED") ? "" : " (" + code + ")");
            default -> "Not written to";
        };
    }
}
