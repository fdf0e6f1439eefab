package io.perennial.notify.reminder;

import io.perennial.notify.email.Preparation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A mail that is ready to leave, and the reminders that it is for.
 *
 * @param tenant null for one that says nothing of its tenant
 */
record Letter(List<ClaimedReminder> reminders, @Nullable String tenant, UUID contactId, Preparation.Ready ready) {
    /** The same end for all of them. */
    Map<ClaimedReminder, Outcome> all(Outcome outcome) {
        return reminders.stream().collect(Collectors.toMap(Function.identity(), reminder -> outcome));
    }

    boolean isHeld(Set<UUID> held) {
        return reminders.stream().allMatch(reminder -> held.contains(reminder.id()));
    }
}
