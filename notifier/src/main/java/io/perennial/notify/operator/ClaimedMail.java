package io.perennial.notify.operator;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;

/**
 * A mail to an operator that a delivery holds.
 *
 * @param place which of the operators' addresses
 * @param attempts how many were made before this one
 */
record ClaimedMail(
        UUID id,
        UUID claim,
        int place,
        String kind,
        String subject,
        String body,
        int attempts,
        Instant firstAttemptAt) {
    static ClaimedMail of(Row row) {
        return new ClaimedMail(
                row.getUUID("id"),
                row.getUUID("claim"),
                row.getInteger("place"),
                row.getString("kind"),
                row.getString("subject"),
                row.getString("body"),
                row.getInteger("attempts") - 1,
                row.getOffsetDateTime("first_attempt_at").toInstant());
    }
}
