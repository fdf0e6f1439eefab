package io.perennial.notify.reminder;

import io.perennial.contracts.ReminderKind;
import io.perennial.notify.links.LinkRequest;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A reminder that a delivery holds. Whoever writes its result must still hold the same claim. */
record ClaimedReminder(
        UUID id,
        @Nullable UUID claim,
        UUID connectionId,
        int generation,
        ReminderKind kind,
        int stage,
        int ordersCaughtUp,
        @Nullable UUID contactId,
        Instant dueAt,
        int attempts,
        int unanswered,
        @Nullable Instant firstAttemptAt) {

    static final String COLUMNS =
            "id, claim, connection_id, generation, kind, stage, orders_caught_up, contact_id, due_at, attempts,"
                    + " unanswered, first_attempt_at";

    static ClaimedReminder of(Row row) {
        OffsetDateTime firstAttemptAt = row.getOffsetDateTime("first_attempt_at");
        return new ClaimedReminder(
                row.getUUID("id"),
                row.getUUID("claim"),
                row.getUUID("connection_id"),
                row.getInteger("generation"),
                ReminderKind.valueOf(row.getString("kind")),
                row.getInteger("stage"),
                row.getInteger("orders_caught_up"),
                row.getUUID("contact_id"),
                row.getOffsetDateTime("due_at").toInstant(),
                row.getInteger("attempts"),
                row.getInteger("unanswered"),
                firstAttemptAt == null ? null : firstAttemptAt.toInstant());
    }

    /** What auth-service is asked before the mail leaves. */
    LinkRequest question() {
        return new LinkRequest(connectionId, generation, kind == ReminderKind.CAMPAIGN ? stage : null);
    }

    /** The stage for readers; null for kinds that have only one. */
    @Nullable
    Integer publicStage() {
        return ReminderStages.published(kind, stage);
    }
}
