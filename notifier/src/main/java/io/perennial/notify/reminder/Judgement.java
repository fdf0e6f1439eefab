package io.perennial.notify.reminder;

import io.perennial.notify.email.CollectedOrder;
import io.perennial.notify.email.MailOrder;
import io.perennial.notify.email.Mornings;
import io.perennial.notify.email.Postman;
import io.perennial.notify.email.Preparation;
import io.perennial.notify.links.Brand;
import io.perennial.notify.links.Contact;
import io.perennial.notify.links.LinkRequest;
import io.perennial.notify.links.ReminderLink;
import io.perennial.notify.reminder.ReminderStore.Address;
import io.perennial.notify.suppression.Unsubscribing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of claimed reminders, from the answers of auth-service and the list of suppressions. Every one gets into
 * exactly one of the four, so that nothing that was looked at stays claimed.
 */
final class Judgement {
    final Map<ClaimedReminder, Outcome> finished = new LinkedHashMap<>();
    final List<Address> addresses = new ArrayList<>();
    final List<ClaimedReminder> withoutRecipient = new ArrayList<>();
    final List<Letter> letters = new ArrayList<>();

    private final Map<LinkRequest, ReminderLink> answers;
    private final Set<UUID> suppressed;
    private final Map<ReminderLink, Recipients> recipients;
    private final Map<UUID, Set<UUID>> taken;
    private final Unsubscribing unsubscribing;
    private final Instant now;

    /** @param taken the mailboxes that have a mail of the same stage already, by the reminder that looks for another */
    Judgement(
            Map<LinkRequest, ReminderLink> answers,
            Set<UUID> suppressed,
            Map<ReminderLink, Recipients> recipients,
            Map<UUID, Set<UUID>> taken,
            Unsubscribing unsubscribing,
            Instant now) {
        this.answers = answers;
        this.suppressed = suppressed;
        this.recipients = recipients;
        this.taken = taken;
        this.unsubscribing = unsubscribing;
        this.now = now;
    }

    /** Whom it goes to, and when. */
    void address(ClaimedReminder reminder, Mornings mornings) {
        ReminderLink link = unobjected(reminder, answers.get(reminder.questionOfContacts()));
        if (link == null) {
            return;
        }
        Set<UUID> others = taken.getOrDefault(reminder.id(), Set.of());
        List<UUID> reachable = recipientsOf(link).reachable(suppressed);
        List<UUID> left =
                reachable.stream().filter(mailbox -> !others.contains(mailbox)).toList();
        if (reachable.isEmpty()) {
            finish(reminder, Suppression.NOBODY_HEARS);
        } else if (left.isEmpty()) {
            finish(reminder, Suppression.CONTACT_CHANGED);
        } else {
            boolean escalates = reminder.place() == 0
                    && others.isEmpty()
                    && left.size() > 1
                    && Escalation.toSecondContact(reminder.kind(), reminder.stage());
            addresses.add(new Address(
                    reminder,
                    left.get(0),
                    SendTimes.waits(reminder.kind(), reminder.stage())
                            ? mornings.opens(reminder.dueAt(), zone(link))
                            : now,
                    escalates ? left.get(1) : null));
        }
    }

    private Recipients recipientsOf(ReminderLink link) {
        return Objects.requireNonNull(recipients.get(link));
    }

    private static @Nullable String zone(ReminderLink link) {
        return link.tenant() == null ? null : link.tenant().timeZone();
    }

    /** The mail of a bundle: about those of it that are still true. */
    void write(Bundle bundle, Postman postman) {
        Map<UUID, Item> newest = new LinkedHashMap<>();
        bundle.reminders().stream()
                .sorted(Comparator.comparing(ClaimedReminder::dueAt).thenComparing(ClaimedReminder::id))
                .forEach(reminder -> item(bundle, reminder).ifPresent(item -> {
                    Item older = newest.put(reminder.connectionId(), item);
                    if (older != null) {
                        finish(older.reminder(), Suppression.OVERTAKEN);
                    }
                }));
        List<Item> linked = new ArrayList<>();
        for (Item item : newest.values()) {
            // Its owner makes the token himself: no link leads there, so it is explained in a mail of its own.
            if (item.link().selfAuthorized()) {
                prepare(List.of(item), postman);
            } else {
                linked.add(item);
            }
        }
        if (!linked.isEmpty()) {
            prepare(linked, postman);
        }
    }

    private Optional<Item> item(Bundle bundle, ClaimedReminder reminder) {
        ReminderLink link = unobjected(reminder, answers.get(bundle.question(reminder)));
        if (link == null) {
            return Optional.empty();
        }
        UUID mailbox = Objects.requireNonNull(reminder.mailbox());
        Optional<Contact> contact = suppressed.contains(mailbox)
                ? Optional.empty()
                : recipientsOf(link).at(mailbox);
        if (contact.isEmpty() && reminder.place() == 0) {
            withoutRecipient.add(reminder);
        } else if (contact.isEmpty()) {
            finish(reminder, Suppression.CONTACT_CHANGED);
        }
        return contact.map(found -> new Item(reminder, link, order(reminder, link, found, mailbox)));
    }

    private MailOrder order(ClaimedReminder reminder, ReminderLink link, Contact contact, UUID mailbox) {
        return new MailOrder(
                reminder.id(),
                reminder.kind(),
                reminder.stage(),
                reminder.ordersCaughtUp(),
                now,
                link,
                contact,
                unsubscribing.url(reminder.id(), mailbox));
    }

    private void prepare(List<Item> items, Postman postman) {
        List<ClaimedReminder> reminders = items.stream().map(Item::reminder).toList();
        MailOrder first = items.get(0).order();
        Preparation preparation = items.size() == 1
                ? postman.prepare(first)
                : postman.prepare(
                        new CollectedOrder(items.stream().map(Item::order).toList()));
        if (preparation instanceof Preparation.Ready ready) {
            Brand tenant = first.about().tenant();
            letters.add(new Letter(
                    reminders,
                    tenant == null ? null : tenant.id(),
                    first.contact().id(),
                    ready));
        } else {
            boolean invalid = preparation instanceof Preparation.InvalidAddress;
            reminders.forEach(reminder -> finished.put(
                    reminder, new Outcome.Failed(first.contact().id(), invalid ? "INVALID_ADDRESS" : "UNWRITABLE")));
        }
    }

    private @Nullable ReminderLink unobjected(ClaimedReminder reminder, @Nullable ReminderLink link) {
        Optional<Suppression> objection =
                SendPolicy.objection(reminder.kind(), reminder.dueAt(), reminder.endsAt(), link, now);
        objection.ifPresent(reason -> finish(reminder, reason));
        return objection.isPresent() ? null : link;
    }

    private void finish(ClaimedReminder reminder, Suppression reason) {
        finished.put(reminder, new Outcome.Suppressed(reason));
    }

    private record Item(ClaimedReminder reminder, ReminderLink link, MailOrder order) {}
}
