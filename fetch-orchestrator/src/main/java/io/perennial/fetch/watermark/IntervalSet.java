package io.perennial.fetch.watermark;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A set of instants as the fewest intervals, in order: no two of them touch. */
public record IntervalSet(List<Interval> intervals) {
    public static final IntervalSet EMPTY = new IntervalSet(List.of());

    public IntervalSet {
        intervals = merged(intervals);
    }

    /** All instants of the given intervals. */
    public static IntervalSet of(Interval... intervals) {
        return new IntervalSet(List.of(intervals));
    }

    /** All instants of both. */
    public IntervalSet plus(Collection<Interval> others) {
        List<Interval> all = new ArrayList<>(intervals);
        all.addAll(others);
        return new IntervalSet(all);
    }

    /** The parts of the window that are not in this set, in order. */
    public List<Interval> gaps(Interval window) {
        List<Interval> gaps = new ArrayList<>();
        Instant reached = window.from();
        for (Interval interval : intervals) {
            if (interval.from().isAfter(reached) && reached.isBefore(window.to())) {
                gaps.add(new Interval(reached, earlier(interval.from(), window.to())));
            }
            reached = later(reached, interval.to());
        }
        if (reached.isBefore(window.to())) {
            gaps.add(new Interval(reached, window.to()));
        }
        return List.copyOf(gaps);
    }

    /** Whether every instant of the window is in this set. */
    public boolean encloses(Interval window) {
        return intervals.stream().anyMatch(interval -> interval.encloses(window));
    }

    /** The end of the interval that reaches up to or across the instant. */
    public Optional<Instant> endOfRunAt(Instant instant) {
        return intervals.stream()
                .filter(interval ->
                        !interval.from().isAfter(instant) && !interval.to().isBefore(instant))
                .map(Interval::to)
                .findFirst();
    }

    private static List<Interval> merged(List<Interval> intervals) {
        List<Interval> result = new ArrayList<>();
        intervals.stream().sorted(Comparator.comparing(Interval::from)).forEach(next -> {
            Interval last = result.isEmpty() ? next : result.get(result.size() - 1);
            if (!result.isEmpty() && last.touches(next)) {
                result.set(result.size() - 1, last.span(next));
            } else {
                result.add(next);
            }
        });
        return List.copyOf(result);
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
