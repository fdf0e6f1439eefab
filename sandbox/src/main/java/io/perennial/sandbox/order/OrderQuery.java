package io.perennial.sandbox.order;

import io.perennial.sandbox.sellingpartner.SellingPartner;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Orders of one seller whose time on one axis lies in a window, both ends included, in the order of (time, id).
 *
 * @param after position of the last order already read
 */
public record OrderQuery(
        SellingPartner seller,
        Axis axis,
        Instant from,
        Instant to,
        Predicate<PlacedOrder> filter,
        @Nullable Position after) {

    /** Which time the window speaks of. */
    public enum Axis {
        CREATED,
        UPDATED
    }

    /** A place in the order of (time, id). */
    public record Position(Instant time, String orderId) {}

    /** Nothing before this second can be on the next page. */
    long firstSecond() {
        long first = ceiling(from);
        return after == null ? first : Math.max(first, after.time().getEpochSecond());
    }

    long lastSecond() {
        return to.getEpochSecond();
    }

    private static long ceiling(Instant instant) {
        return instant.getNano() == 0 ? instant.getEpochSecond() : instant.getEpochSecond() + 1;
    }
}
