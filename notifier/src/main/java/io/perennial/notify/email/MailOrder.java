package io.perennial.notify.email;

import io.perennial.contracts.ReminderKind;
import io.perennial.notify.links.Contact;
import io.perennial.notify.links.ReminderLink;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written, and to whom.
 *
 * @param stage weeks for an overdue mail; without meaning for the other kinds
 * @param ordersCaughtUp for a mail that tells of the reconnection; null if the fetch of them did not end well
 * @param now on the domain clock; the days left are counted from it
 * @param unsubscribeUrl acts on a POST; null where there is nobody who could
 */
public record MailOrder(
        UUID reminderId,
        ReminderKind kind,
        int stage,
        @Nullable Integer ordersCaughtUp,
        Instant now,
        ReminderLink about,
        Contact contact,
        @Nullable String unsubscribeUrl) {
    /** Neither link nor address: they never reach a log. */
    @Override
    public String toString() {
        return "MailOrder[" + reminderId + ", " + kind + "]";
    }
}
