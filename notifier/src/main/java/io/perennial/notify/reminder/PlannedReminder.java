package io.perennial.notify.reminder;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ReminderKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A reminder that an event asks for.
 *
 * @param ordersCaughtUp null where nobody knows how many
 * @param endsAt the end of the grant that the event names; null where it names none
 */
public record PlannedReminder(
        ConnectionRef about, ReminderKind kind, int stage, @Nullable Integer ordersCaughtUp, @Nullable Instant endsAt) {
    /** Of an event without an end. */
    public PlannedReminder(ConnectionRef about, ReminderKind kind, int stage, @Nullable Integer ordersCaughtUp) {
        this(about, kind, stage, ordersCaughtUp, null);
    }

    Instant dueAt() {
        return about.occurredAt();
    }
}
