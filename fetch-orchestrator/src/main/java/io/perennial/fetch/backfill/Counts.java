package io.perennial.fetch.backfill;

import io.perennial.contracts.OrderChange;
import java.util.Collection;

/** What a fetch has read. */
record Counts(int pages, int ordersNew, int ordersUpdated, int ordersUnchanged, int ordersSetAside) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    /** With one page more. */
    Counts plusPage(int orders, Collection<OrderChange> changes, int setAside) {
        return plus(1, orders, changes, setAside);
    }

    Counts plus(int morePages, int orders, Collection<OrderChange> changes, int setAside) {
        int fresh = (int) changes.stream().filter(OrderChange.NEW::equals).count();
        int updated = changes.size() - fresh;
        return new Counts(
                pages + morePages,
                ordersNew + fresh,
                ordersUpdated + updated,
                ordersUnchanged + orders - changes.size(),
                ordersSetAside + setAside);
    }

    /** All orders that pages held. */
    int orders() {
        return ordersNew + ordersUpdated + ordersUnchanged + ordersSetAside;
    }
}
