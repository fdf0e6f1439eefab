package io.perennial.notify.email;

import io.perennial.contracts.ReminderKind;
import io.perennial.notify.links.Contact;
import io.perennial.notify.links.ReminderLink;
import java.time.Instant;
import java.util.UUID;

/**
 * What is to be written, and to whom.
 *
 * @param stage weeks for an overdue mail; without meaning for the other kinds
 * @param ordersCaughtUp for a mail that tells of the reconnection
 * @param now on the domain clock; the days left are counted from it
 */
public record MailOrder(
        UUID reminderId,
        ReminderKind kind,
        int stage,
        int ordersCaughtUp,
        Instant now,
        ReminderLink about,
        Contact contact) {}
