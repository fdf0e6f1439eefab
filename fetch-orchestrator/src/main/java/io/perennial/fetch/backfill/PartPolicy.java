package io.perennial.fetch.backfill;

import io.perennial.fetch.report.ReportsConfig;
import io.perennial.fetch.watermark.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Divides a window into queries that end before their page tokens do: Amazon's live for 24 hours (orders API migration
 * guide), in which our share of the quota lets about 330 pages through.
 *
 * <ul>
 *   <li>A window of which nothing is known, or that is short enough, is one query: a page costs the same however few orders
 *       are on it. Where nothing was known and the first page shows very many, its query begins again with less time.
 *   <li>How many orders a part has is a guess. One that turns out longer is read on while its tokens live; when they die,
 *       it begins again with half the time.
 *   <li>Where parts are reports, they are not longer than Amazon answers, and their orders not more than we hold at once.
 * </ul>
 */
final class PartPolicy {
    private static final Duration SHORTEST = Duration.ofHours(1);

    private static final Duration ANY = Duration.ofDays(36_500);

    private final int pageSize;
    private final long mostOrders;
    private final Duration longest;

    PartPolicy(int pageSize, int mostPages) {
        this(pageSize, mostPages, ANY);
    }

    private PartPolicy(int pageSize, int mostPages, Duration longest) {
        this.pageSize = pageSize;
        this.mostOrders = (long) pageSize * mostPages;
        this.longest = longest;
    }

    /** Each part is a report: not too long for Amazon, not too large for us. */
    static PartPolicy ofReports(ReportsConfig limits) {
        return new PartPolicy(1, limits.mostOrders(), limits.longestWindow());
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
        double most = Math.min(days * Duration.ofDays(1).toMillis(), longest.toMillis());
        if (most >= left) {
            return new Interval(from, window.to());
        }
        Duration length = Duration.ofMillis((long) most);
        Instant end = from.plus(length.compareTo(SHORTEST) < 0 ? SHORTEST : length);
        return new Interval(from, end.isBefore(window.to()) ? end : window.to());
    }

    /**
     * The part that a query begins again with whose page token died after so many pages. One that dies twice is too long, however
     * few pages our share of the quota lets through while it lives.
     *
     * @param deaths of page tokens of this part before
     */
    Interval again(Interval part, int pages, int deaths) {
        return deaths > 0 || (long) pages * pageSize > mostOrders / 4 ? half(part) : part;
    }

    /** The first half, as far as it can be halved. */
    Interval half(Interval part) {
        Duration half = part.length().dividedBy(2);
        return half.compareTo(SHORTEST) < 0
                ? part
                : new Interval(part.from(), part.from().plus(half));
    }

    /**
     * The part that can be read while its page tokens live, by what its first page shows; empty if that is the part itself.
     * Only orders that come by their update time show how close they lie: those that come in no order span the part.
     *
     * @param updateTimes of the orders on the first page
     */
    Optional<Interval> narrowed(Interval part, List<Instant> updateTimes) {
        if (updateTimes.size() < pageSize) {
            return Optional.empty();
        }
        Duration span = Duration.between(Collections.min(updateTimes), Collections.max(updateTimes));
        double days = (double) Math.max(1, span.toMillis()) / Duration.ofDays(1).toMillis();
        Interval narrow = next(part.from(), part, updateTimes.size() / days);
        return narrow.equals(part) ? Optional.empty() : Optional.of(narrow);
    }

    /** The part that follows one that had so many pages: the seller is likely to go on as he did. */
    Interval after(Interval covered, int pages, Interval window) {
        double days = (double) Math.max(1, covered.length().toMillis())
                / Duration.ofDays(1).toMillis();
        return next(covered.to(), window, pages * (double) pageSize / days);
    }
}
