package io.perennial.notify.email;

import io.perennial.notify.links.Contact;
import java.util.List;

/**
 * One mail about several connections of one contact, in the order in which they are named; they share a tenant and a link.
 */
public record CollectedOrder(List<MailOrder> orders) {
    public CollectedOrder {
        if (orders.isEmpty()) {
            throw new IllegalArgumentException("A mail about nothing is not sent");
        }
    }

    /** Gives the mail its id, brand and link. */
    MailOrder first() {
        return orders.get(0);
    }

    Contact contact() {
        return first().contact();
    }
}
