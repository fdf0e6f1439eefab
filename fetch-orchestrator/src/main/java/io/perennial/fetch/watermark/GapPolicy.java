package io.perennial.fetch.watermark;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Decides which window of update time a fetch has to read.
 *
 * <ul>
 *   <li>It begins at the earliest watermark of all marketplaces, less an overlap: an update may reach Amazon's index some
 *       minutes late. Without any coverage it begins at the origin.
 *   <li>It ends some minutes before Amazon's time: Amazon refuses anything younger than two minutes
 *       (orders_2026-01-01, {@code lastUpdatedBefore}).
 *   <li>It never reaches further back than Amazon answers ({@link OrderHistory}).
 *   <li>Windows that other fetches are reading count as read, of the marketplaces that they read.
 * </ul>
 */
public final class GapPolicy {
    /** Amazon's clock may be behind ours, and the configured history is shorter than two years by a day. */
    private static final Duration NOT_EXACTLY = Duration.ofDays(1);

    private final GapConfig limits;
    private final OrderHistory history;

    public GapPolicy(GapConfig limits) {
        this(limits, OrderHistory.TWO_YEARS);
    }

    private GapPolicy(GapConfig limits, OrderHistory history) {
        this.limits = limits;
        this.history = history;
    }

    /** The same where Amazon answers as far back as that. */
    public GapPolicy with(OrderHistory other) {
        return new GapPolicy(limits, other);
    }

    /**
     * The window to read now.
     *
     * @param coverage of each marketplace, with what is under way; at least one
     * @param now the domain clock, or Amazon's time where that is earlier
     * @return empty if everything up to now is covered or under way
     */
    public Optional<Interval> gap(Collection<Coverage> coverage, Instant now) {
        Coverage latest = furthestBehind(coverage);
        Instant wanted = latest.begun() ? latest.watermark().minus(limits.overlap()) : latest.origin();
        Instant from = later(wanted, earliest(now));
        Instant to = latestEnd(now);
        return from.isBefore(to) ? Optional.of(new Interval(from, to)) : Optional.empty();
    }

    /** What lies before the gap and can not be read any more. */
    public Optional<Interval> lost(Collection<Coverage> coverage, Instant now) {
        Instant missingFrom = furthestBehind(coverage).watermark();
        Instant earliest = earliest(now);
        return missingFrom.isBefore(earliest) ? Optional.of(new Interval(missingFrom, earliest)) : Optional.empty();
    }

    /** The window of a daily fetch: with the last hours once more, if that is configured, but nothing before the origins. */
    public Interval swept(Interval gap, Collection<Coverage> coverage) {
        Instant begin = coverage.stream()
                .map(Coverage::origin)
                .min(Comparator.naturalOrder())
                .orElse(gap.from());
        Instant from = later(gap.to().minus(limits.sweep()), begin);
        return from.isBefore(gap.from()) ? new Interval(from, gap.to()) : gap;
    }

    private static Coverage furthestBehind(Collection<Coverage> coverage) {
        return coverage.stream()
                .min(Comparator.comparing(Coverage::watermark))
                .orElseThrow(() -> new IllegalArgumentException("A gap needs the coverage of a marketplace"));
    }

    /** From where the first load of a marketplace begins. */
    public Instant origin(Instant now) {
        return now.minus(limits.firstLoad());
    }

    /**
     * From where the first load begins of a connection whose orders are known up to an instant. If Amazon does not answer so far
     * back any more, that instant itself: what lies behind it is lost, and told.
     */
    public Instant origin(Instant now, Instant coveredUntil) {
        Instant earliest = earliest(now);
        Instant from =
                coveredUntil.isBefore(earliest) ? coveredUntil : later(coveredUntil.minus(limits.overlap()), earliest);
        return from.isBefore(latestEnd(now)) ? from : latestEnd(now);
    }

    /** The last instant that Amazon answers for. */
    public Instant latestEnd(Instant now) {
        return now.minus(limits.settling());
    }

    /** The first instant that Amazon answers for. */
    public Instant earliest(Instant now) {
        Instant usual = now.minus(limits.history());
        return history == OrderHistory.SINCE_2016 && usual.isAfter(OrderHistory.BEGIN_OF_2016)
                ? OrderHistory.BEGIN_OF_2016
                : usual;
    }

    /** Whether Amazon does not answer for that instant any more, whatever its clock says. */
    public boolean forgotten(Instant instant, Instant now) {
        return instant.isBefore(earliest(now).minus(NOT_EXACTLY));
    }

    /** Whether a window is so short that the overlap of the next fetch reads it anyway. */
    public boolean negligible(Interval window) {
        return !window.from().plus(limits.overlap().multipliedBy(2)).isBefore(window.to());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
