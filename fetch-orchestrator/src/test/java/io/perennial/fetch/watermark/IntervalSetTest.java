package io.perennial.fetch.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IntervalSetTest {
    private static final int ROUNDS = 2000;
    private static final int INSTANTS = 40;

    private final Random random = new Random(7);

    @Test
    void an_interval_is_never_empty_or_backwards() {
        assertThatThrownBy(() -> interval(5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> interval(6, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void union_holds_exactly_the_instants_of_its_parts() {
        for (int round = 0; round < ROUNDS; round++) {
            List<Interval> parts = someIntervals();
            assertThat(instants(new IntervalSet(parts).intervals())).isEqualTo(instants(parts));
        }
    }

    @Test
    void union_is_the_same_in_any_order_and_in_any_steps() {
        for (int round = 0; round < ROUNDS; round++) {
            List<Interval> one = someIntervals();
            List<Interval> other = someIntervals();
            IntervalSet atOnce =
                    new IntervalSet(Stream.concat(other.stream(), one.stream()).toList());
            assertThat(new IntervalSet(one).plus(other)).isEqualTo(atOnce);
        }
    }

    @Test
    void intervals_of_a_set_are_ordered_and_do_not_touch() {
        for (int round = 0; round < ROUNDS; round++) {
            List<Interval> intervals = new IntervalSet(someIntervals()).intervals();
            for (int i = 1; i < intervals.size(); i++) {
                assertThat(intervals.get(i).from()).isAfter(intervals.get(i - 1).to());
            }
        }
    }

    @Test
    void gaps_are_exactly_what_the_window_has_and_the_set_has_not() {
        for (int round = 0; round < ROUNDS; round++) {
            IntervalSet set = new IntervalSet(someIntervals());
            Interval window = someInterval();
            BitSet expected = instants(List.of(window));
            expected.andNot(instants(set.intervals()));
            assertThat(instants(set.gaps(window))).isEqualTo(expected);
            assertThat(set.encloses(window)).isEqualTo(expected.isEmpty());
        }
    }

    @Test
    void what_fills_the_gaps_closes_the_window() {
        for (int round = 0; round < ROUNDS; round++) {
            IntervalSet set = new IntervalSet(someIntervals());
            Interval window = someInterval();
            assertThat(set.plus(set.gaps(window)).gaps(window)).isEmpty();
        }
    }

    @Test
    void the_end_of_a_run_is_the_first_instant_that_is_missing() {
        for (int round = 0; round < ROUNDS; round++) {
            IntervalSet set = new IntervalSet(someIntervals());
            int origin = random.nextInt(INSTANTS);
            BitSet held = instants(set.intervals());
            Instant end = set.endOfRunAt(at(origin)).orElse(at(origin));
            assertThat(end).isEqualTo(at(held.nextClearBit(origin)));
        }
    }

    private List<Interval> someIntervals() {
        List<Interval> intervals = new ArrayList<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            intervals.add(someInterval());
        }
        return intervals;
    }

    private Interval someInterval() {
        int from = random.nextInt(INSTANTS - 1);
        return interval(from, from + 1 + random.nextInt(INSTANTS - from - 1));
    }

    private static BitSet instants(List<Interval> intervals) {
        BitSet set = new BitSet();
        intervals.forEach(i -> set.set((int) i.from().getEpochSecond(), (int) i.to().getEpochSecond()));
        return set;
    }

    private static Interval interval(int from, int to) {
        return new Interval(at(from), at(to));
    }

    private static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }
}
