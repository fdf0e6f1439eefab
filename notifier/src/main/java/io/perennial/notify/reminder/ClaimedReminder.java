package io.perennial.notify.reminder;

import io.perennial.contracts.ReminderKind;
import io.perennial.notify.links.LinkRequest;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A reminder that a delivery holds. Whoever writes its result must still hold the same claim.
 *
 * @param endsAt the end of the grant that the announcement named; null where it named none
 */
record ClaimedReminder(
        UUID id,
        @Nullable UUID claim,
        UUID connectionId,
        int generation,
        ReminderKind kind,
        int stage,
        int place,
        @Nullable UUID mailbox,
        @Nullable Integer ordersCaughtUp,
        @Nullable UUID contactId,
        Instant dueAt,
        @Nullable Instant endsAt,
        @Nullable Instant opensAt,
        int attempts,
        int unanswered,
        @Nullable Instant firstAttemptAt) {

    static final String COLUMNS =
            "id, claim, connection_id, generation, kind, stage, place, mailbox, orders_caught_up, contact_id, due_at,"
                    + " ends_at, opens_at, attempts, unanswered, first_attempt_at";

    static ClaimedReminder of(Row row) {
        return new ClaimedReminder(
                row.getUUID("id"),
                row.getUUID("claim"),
                row.getUUID("connection_id"),
                row.getInteger("generation"),
                ReminderKind.valueOf(row.getString("kind")),
                row.getInteger("stage"),
                row.getInteger("place"),
                row.getUUID("mailbox"),
                row.getInteger("orders_caught_up"),
                row.getUUID("contact_id"),
                row.getOffsetDateTime("due_at").toInstant(),
                instant(row.getOffsetDateTime("ends_at")),
                instant(row.getOffsetDateTime("opens_at")),
                row.getInteger("attempts"),
                row.getInteger("unanswered"),
                instant(row.getOffsetDateTime("first_attempt_at")));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** Whether it is known whom it goes to. */
    boolean isAddressed() {
        return mailbox != null;
    }

    /** Whether it looks for a contact after another one fell out, so that others of its stage may have one already. */
    boolean isAddressedAnew() {
        return !isAddressed() && (place > 0 || opensAt != null);
    }

    /** Since when it might have left. */
    Instant openSince() {
        return opensAt == null || opensAt.isBefore(dueAt) ? dueAt : opensAt;
    }

    /** Asks auth-service whom it goes to. In a group of its own: the answer has no link and must not do for one. */
    LinkRequest questionOfContacts() {
        return new LinkRequest(connectionId, generation, null, 0, false);
    }

    /**
     * Asks auth-service for the link, right before the mail leaves.
     *
     * @param group of those that share a mail, counted from 1; null when it has one of its own
     */
    LinkRequest questionOfLink(@Nullable Integer group) {
        return new LinkRequest(connectionId, generation, kind == ReminderKind.CAMPAIGN ? stage : null, group, null);
    }

    /** The stage for readers; null for kinds that have only one. */
    @Nullable
    Integer publicStage() {
        return ReminderStages.published(kind, stage);
    }
}
