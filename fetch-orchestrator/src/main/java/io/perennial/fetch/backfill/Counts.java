package io.perennial.fetch.backfill;

import io.perennial.contracts.OrderChange;
import java.util.Collection;

/** What a fetch has read. */
record Counts(int pages, int ordersNew, int ordersUpdated, int ordersUnchanged, int ordersSetAside) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    /** With one page more. */
    Counts plusPage(int orders, Collection<OrderChange> changes, int setAside) {
        int fresh = (int) changes.stream().filter(OrderChange.NEW::equals).count();
        int updated = changes.size() - fresh;
        return new Counts(
                pages + 1,
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
