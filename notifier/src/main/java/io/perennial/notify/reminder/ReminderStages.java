package io.perennial.notify.reminder;

import io.perennial.contracts.ReminderKind;
import org.jspecify.annotations.Nullable;

/** Which kinds of reminder come in stages. */
final class ReminderStages {
    private ReminderStages() {}

    static @Nullable Integer published(ReminderKind kind, int stage) {
        return switch (kind) {
            case EXPIRING, OVERDUE, CAMPAIGN -> stage;
            default -> null;
        };
    }
}
