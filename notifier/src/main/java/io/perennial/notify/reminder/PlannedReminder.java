package io.perennial.notify.reminder;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ReminderKind;
import java.time.Instant;

/** A reminder that an event asks for. */
public record PlannedReminder(ConnectionRef about, ReminderKind kind, int stage, int ordersCaughtUp) {
    Instant dueAt() {
        return about.occurredAt();
    }
}
