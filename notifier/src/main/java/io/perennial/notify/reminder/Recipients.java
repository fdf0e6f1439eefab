package io.perennial.notify.reminder;

import io.perennial.notify.links.Contact;
import io.perennial.notify.links.ReminderLink;
import io.perennial.notify.suppression.Mailboxes;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The contacts of a connection by mailbox, in their order; an address that is named twice counts once. */
final class Recipients {
    private final Map<UUID, Contact> byMailbox = new LinkedHashMap<>();

    private Recipients() {}

    private static Recipients of(ReminderLink link, Mailboxes mailboxes) {
        Recipients recipients = new Recipients();
        String tenant = link.tenant() == null ? "" : link.tenant().id();
        link.contactsInOrder()
                .forEach(contact -> recipients.byMailbox.putIfAbsent(mailboxes.of(tenant, contact.email()), contact));
        return recipients;
    }

    /** Those of each answer: the hashes are computed once. */
    static Map<ReminderLink, Recipients> of(Collection<ReminderLink> links, Mailboxes mailboxes) {
        Map<ReminderLink, Recipients> all = new IdentityHashMap<>();
        links.forEach(link -> all.computeIfAbsent(link, one -> of(one, mailboxes)));
        return all;
    }

    Set<UUID> mailboxes() {
        return byMailbox.keySet();
    }

    /** Those who may be written to. */
    List<UUID> reachable(Set<UUID> suppressed) {
        return byMailbox.keySet().stream()
                .filter(mailbox -> !suppressed.contains(mailbox))
                .toList();
    }

    Optional<Contact> at(UUID mailbox) {
        return Optional.ofNullable(byMailbox.get(mailbox));
    }
}
