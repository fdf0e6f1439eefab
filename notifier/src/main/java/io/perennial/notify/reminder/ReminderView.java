package io.perennial.notify.reminder;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.contracts.ReminderKind;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A reminder as readers see it: what was sent, to which contact, with what result.
 *
 * @param place which contact by order, from 0; 1 where it escalates, from 2 on one who steps in for another
 * @param reason why it failed or is not wanted, or what its last attempt met
 * @param nextAttemptAt only while it waits
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReminderView(
        UUID id,
        UUID connectionId,
        String tenantId,
        String externalId,
        String provider,
        String region,
        int generation,
        ReminderKind kind,
        @Nullable Integer stage,
        int place,
        @Nullable Integer ordersCaughtUp,
        ReminderState state,
        @Nullable String reason,
        @Nullable UUID contactId,
        int attempts,
        Instant dueAt,
        Instant createdAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant finishedAt) {

    static ReminderView of(Row row) {
        ReminderKind kind = ReminderKind.valueOf(row.getString("kind"));
        ReminderState state = ReminderState.valueOf(row.getString("state"));
        return new ReminderView(
                row.getUUID("id"),
                row.getUUID("connection_id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                row.getString("provider"),
                row.getString("region"),
                row.getInteger("generation"),
                kind,
                ReminderStages.published(kind, row.getInteger("stage")),
                row.getInteger("place"),
                kind == ReminderKind.RECONNECTED ? row.getInteger("orders_caught_up") : null,
                state,
                row.getString("code"),
                row.getUUID("contact_id"),
                row.getInteger("attempts"),
                row.getOffsetDateTime("due_at").toInstant(),
                row.getOffsetDateTime("created_at").toInstant(),
                state == ReminderState.PENDING
                        ? row.getOffsetDateTime("next_attempt_at").toInstant()
                        : null,
                instant(row.getOffsetDateTime("finished_at")));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
