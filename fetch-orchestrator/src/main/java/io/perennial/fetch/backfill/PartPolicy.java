package io.perennial.fetch.backfill;

import io.perennial.fetch.watermark.Interval;
import java.time.Duration;
import java.time.Instant;

/**
 * Divides a window into queries that end before their page tokens do: Amazon's live for 24 hours (orders API migration
 * guide), in which our share of the quota lets about 330 pages through.
 *
 * <ul>
 *   <li>A window of which nothing is known, or that is short enough, is one query: a page costs the same however few orders
 *       are on it.
 *   <li>How many orders a part has is a guess. One that turns out longer is read on while its tokens live; when they die,
 *       it begins again with half the time.
 * </ul>
 */
final class PartPolicy {
    private static final Duration SHORTEST = Duration.ofHours(1);

    private final int pageSize;
    private final long mostOrders;

    PartPolicy(int pageSize, int mostPages) {
        this.pageSize = pageSize;
        this.mostOrders = (long) pageSize * mostPages;
    }

    /**
     * The part to read next.
     *
     * @param from where it begins, within the window
     * @param ordersPerDay zero if nothing is known
     */
    Interval next(Instant from, Interval window, double ordersPerDay) {
        double days = ordersPerDay > 0 ? mostOrders / ordersPerDay : Double.POSITIVE_INFINITY;
        double left = Duration.between(from, window.to()).toMillis();
        if (days * Duration.ofDays(1).toMillis() >= left) {
            return new Interval(from, window.to());
        }
        Duration length = Duration.ofMillis((long) (days * Duration.ofDays(1).toMillis()));
        Instant end = from.plus(length.compareTo(SHORTEST) < 0 ? SHORTEST : length);
        return new Interval(from, end.isBefore(window.to()) ? end : window.to());
    }

    /** The part that a query begins again with whose page token died after so many pages. */
    Interval again(Interval part, int pages) {
        Duration half = part.length().dividedBy(2);
        boolean tooLong = (long) pages * pageSize > mostOrders / 4 && half.compareTo(SHORTEST) >= 0;
        return tooLong ? new Interval(part.from(), part.from().plus(half)) : part;
    }

    /** The part that follows one that had so many pages: the seller is likely to go on as he did. */
    Interval after(Interval covered, int pages, Interval window) {
        double days = (double) Math.max(1, covered.length().toMillis())
                / Duration.ofDays(1).toMillis();
        return next(covered.to(), window, pages * (double) pageSize / days);
    }
}
