package io.perennial.fetch.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GapPolicyTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration OVERLAP = Duration.ofMinutes(15);
    private static final Duration SETTLING = Duration.ofMinutes(3);

    private final GapPolicy policy = new GapPolicy(new PublishedLimits(Duration.ZERO));

    @Test
    void a_first_load_begins_at_the_origin_and_ends_before_now() {
        Instant origin = policy.origin(NOW);
        assertThat(policy.gap(List.of(unread(origin)), NOW))
                .contains(new Interval(NOW.minus(DAY.multipliedBy(30)), NOW.minus(SETTLING)));
    }

    @Test
    void a_gap_begins_an_overlap_before_the_watermark() {
        Coverage coverage = read(daysAgo(40), daysAgo(40), daysAgo(7));
        assertThat(policy.gap(List.of(coverage), NOW))
                .contains(new Interval(daysAgo(7).minus(OVERLAP), NOW.minus(SETTLING)));
    }

    @Test
    void the_marketplace_that_is_furthest_behind_decides() {
        Coverage ahead = read(daysAgo(40), daysAgo(40), daysAgo(2));
        Coverage behind = read(daysAgo(40), daysAgo(40), daysAgo(9));
        assertThat(policy.gap(List.of(ahead, behind), NOW).orElseThrow().from())
                .isEqualTo(daysAgo(9).minus(OVERLAP));
    }

    @Test
    void a_load_of_a_past_window_does_not_move_the_watermark() {
        Coverage coverage = read(daysAgo(40), daysAgo(40), daysAgo(7));
        Coverage withPast = coverage.including(List.of(new Interval(daysAgo(90), daysAgo(60))));
        Coverage withOlderNeighbour = coverage.including(List.of(new Interval(daysAgo(60), daysAgo(40))));
        assertThat(withPast.watermark()).isEqualTo(daysAgo(7));
        assertThat(withOlderNeighbour.watermark()).isEqualTo(daysAgo(7));
    }

    @Test
    void an_island_ahead_of_the_watermark_is_not_taken_for_covered() {
        Coverage coverage =
                read(daysAgo(40), daysAgo(40), daysAgo(20)).including(List.of(new Interval(daysAgo(10), daysAgo(5))));
        assertThat(coverage.watermark()).isEqualTo(daysAgo(20));
    }

    @Test
    void windows_under_way_are_not_planned_again() {
        Coverage coverage = read(daysAgo(40), daysAgo(40), daysAgo(7));
        List<Interval> underWay = List.of(new Interval(daysAgo(7).minus(OVERLAP), daysAgo(1)));
        assertThat(policy.gap(List.of(coverage.including(underWay)), NOW)
                        .orElseThrow()
                        .from())
                .isEqualTo(daysAgo(1).minus(OVERLAP));
    }

    @Test
    void nothing_older_than_amazon_answers_is_asked_for() {
        Coverage coverage = read(daysAgo(900), daysAgo(900), daysAgo(800));
        assertThat(policy.gap(List.of(coverage), NOW).orElseThrow().from()).isEqualTo(daysAgo(729));
    }

    @Test
    void what_amazon_does_not_answer_any_more_is_told_once_and_then_passed_over() {
        Coverage coverage = read(daysAgo(900), daysAgo(900), daysAgo(800));
        Interval lost = policy.lost(List.of(coverage), NOW).orElseThrow();
        assertThat(lost).isEqualTo(new Interval(daysAgo(800), daysAgo(729)));
        Coverage after = new Coverage(
                coverage.origin(),
                coverage.read().plus(List.of(new Interval(daysAgo(729), NOW.minus(SETTLING)))),
                IntervalSet.of(lost));
        assertThat(after.watermark()).isEqualTo(NOW.minus(SETTLING));
        assertThat(policy.lost(List.of(after), NOW.plus(DAY))).isEmpty();
        assertThat(policy.gap(List.of(after), NOW.plus(DAY)).orElseThrow().from())
                .isEqualTo(NOW.minus(SETTLING).minus(OVERLAP));
    }

    @Test
    void japan_australia_and_singapore_are_answered_since_2016() {
        Coverage coverage = read(daysAgo(900), daysAgo(900), daysAgo(800));
        GapPolicy since2016 = policy.with(OrderHistory.of(List.of("A1VC38T7YXB528", "A19VAU5U5O7RUS")));
        assertThat(since2016.lost(List.of(coverage), NOW)).isEmpty();
        assertThat(since2016.gap(List.of(coverage), NOW).orElseThrow().from())
                .isEqualTo(daysAgo(800).minus(OVERLAP));
        assertThat(since2016.origin(NOW, daysAgo(900))).isEqualTo(daysAgo(900).minus(OVERLAP));
        assertThat(since2016.earliest(NOW)).isEqualTo("2016-01-01T00:00:00Z");
        assertThat(OrderHistory.of(List.of("A39IBJ37TRP1C6", "A1PA6795UKMFR9"))).isEqualTo(OrderHistory.TWO_YEARS);
        assertThat(OrderHistory.of(List.of())).isEqualTo(OrderHistory.TWO_YEARS);
    }

    @Test
    void a_gap_that_amazon_answers_loses_nothing() {
        assertThat(policy.lost(List.of(read(daysAgo(40), daysAgo(40), daysAgo(7))), NOW))
                .isEmpty();
    }

    @Test
    void a_sweep_reads_the_last_hours_again_but_nothing_from_before_the_origin() {
        GapPolicy sweeping = new GapPolicy(new PublishedLimits(DAY));
        Interval gap = new Interval(NOW.minus(Duration.ofHours(2)), NOW.minus(SETTLING));
        assertThat(sweeping.swept(gap, List.of(unread(daysAgo(40)))).from())
                .isEqualTo(NOW.minus(SETTLING).minus(DAY));
        assertThat(sweeping.swept(gap, List.of(unread(NOW.minus(Duration.ofHours(3)))))
                        .from())
                .isEqualTo(NOW.minus(Duration.ofHours(3)));
        assertThat(policy.swept(gap, List.of(unread(daysAgo(40))))).isEqualTo(gap);
    }

    @Test
    void what_an_integrator_has_already_is_not_asked_for_again() {
        assertThat(policy.origin(NOW, daysAgo(3))).isEqualTo(daysAgo(3).minus(OVERLAP));
        assertThat(policy.origin(NOW, daysAgo(729))).isEqualTo(daysAgo(729));
        assertThat(policy.origin(NOW, NOW.plus(DAY))).isEqualTo(NOW.minus(SETTLING));
    }

    @Test
    void of_what_an_integrator_has_not_the_part_that_amazon_has_not_either_is_lost() {
        Coverage coverage = unread(policy.origin(NOW, daysAgo(900)));
        assertThat(policy.lost(List.of(coverage), NOW)).contains(new Interval(daysAgo(900), daysAgo(729)));
        assertThat(policy.gap(List.of(coverage), NOW)).contains(new Interval(daysAgo(729), NOW.minus(SETTLING)));
        assertThat(policy.lost(List.of(unread(policy.origin(NOW, daysAgo(729)))), NOW))
                .isEmpty();
    }

    @Test
    void what_was_just_within_reach_when_it_was_planned_is_not_given_up() {
        assertThat(policy.forgotten(daysAgo(729), NOW.plusSeconds(60))).isFalse();
        assertThat(policy.forgotten(daysAgo(729), NOW.plus(DAY).plusSeconds(1))).isTrue();
    }

    @Test
    void coverage_up_to_now_leaves_only_the_overlap_to_read_again() {
        Coverage coverage = read(daysAgo(40), daysAgo(40), NOW.minus(SETTLING));
        Interval gap = policy.gap(List.of(coverage), NOW).orElseThrow();
        assertThat(policy.negligible(gap)).isTrue();
    }

    @Test
    void whatever_was_read_reading_the_gap_leaves_nothing_uncovered() {
        Random random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            Instant origin = daysAgo(1 + random.nextInt(700));
            Coverage coverage = unread(origin);
            for (int i = random.nextInt(6); i > 0; i--) {
                Instant from = NOW.minus(Duration.ofMinutes(30 + random.nextInt(1_000_000)));
                Instant to = from.plus(Duration.ofMinutes(1 + random.nextInt(50_000)));
                coverage = coverage.including(List.of(new Interval(from, earlier(to, NOW.minus(SETTLING)))));
            }
            Interval gap = policy.gap(List.of(coverage), NOW).orElseThrow();
            Coverage after = coverage.including(List.of(gap));
            assertThat(after.watermark()).isEqualTo(NOW.minus(SETTLING));
            assertThat(gap.from()).isBeforeOrEqualTo(coverage.watermark());
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant daysAgo(int days) {
        return NOW.minus(DAY.multipliedBy(days));
    }

    private static Coverage unread(Instant origin) {
        return new Coverage(origin, IntervalSet.EMPTY);
    }

    private static Coverage read(Instant origin, Instant from, Instant to) {
        return new Coverage(origin, IntervalSet.of(new Interval(from, to)));
    }

    private record PublishedLimits(Duration sweep) implements GapConfig {
        @Override
        public Duration firstLoad() {
            return DAY.multipliedBy(30);
        }

        @Override
        public Duration overlap() {
            return OVERLAP;
        }

        @Override
        public Duration settling() {
            return SETTLING;
        }

        @Override
        public Duration history() {
            return DAY.multipliedBy(729);
        }
    }
}
