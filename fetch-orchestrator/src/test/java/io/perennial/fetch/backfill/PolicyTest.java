package io.perennial.fetch.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.OrderChange;
import io.perennial.fetch.watermark.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyTest {
    @Test
    void pauses_double_up_to_their_limit_and_spread() {
        BackOffPolicy policy = new BackOffPolicy(Duration.ofSeconds(2), new Random(5));
        for (int failures = 1; failures < 100; failures++) {
            double full = Math.min(2 * Math.pow(2, failures - 1), 900);
            assertThat(policy.pause(failures, Duration.ofMinutes(15)).toMillis() / 1000.0)
                    .isBetween(full / 2 - 0.01, full);
        }
    }

    @Test
    void counts_add_up() {
        Counts counts = Counts.NONE.plusPage(10, List.of(OrderChange.NEW, OrderChange.NEW, OrderChange.UPDATED), 1);
        assertThat(counts).isEqualTo(new Counts(1, 2, 1, 7, 1));
    }

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final PartPolicy PARTS = new PartPolicy(100, 300);

    @Test
    void a_window_is_one_query_unless_it_has_more_orders_than_page_tokens_last_for() {
        Interval month = days(0, 30);
        assertThat(PARTS.next(START, month, 0)).isEqualTo(month);
        assertThat(PARTS.next(START, month, 1000)).isEqualTo(month);
        assertThat(PARTS.next(START, month, 3000)).isEqualTo(days(0, 10));
        assertThat(PARTS.next(days(25, 26).from(), month, 3000)).isEqualTo(days(25, 30));
    }

    @Test
    void parts_cover_a_window_without_a_gap_however_many_orders_there_are() {
        Interval year = days(0, 365);
        for (double ordersPerDay : new double[] {1, 99, 12_345, 3_000_000}) {
            Instant reached = START;
            int parts = 0;
            while (reached.isBefore(year.to())) {
                Interval part = PARTS.next(reached, year, ordersPerDay);
                assertThat(part.from()).isEqualTo(reached);
                assertThat(part.length()).isGreaterThanOrEqualTo(Duration.ofHours(1));
                assertThat(part.length().toMillis() / 86_400_000.0 * ordersPerDay / 100)
                        .isLessThanOrEqualTo(Math.max(300, ordersPerDay / 24 / 100) + 1);
                reached = part.to();
                parts++;
            }
            assertThat(reached).isEqualTo(year.to());
            assertThat(parts).isLessThanOrEqualTo(365 * 24);
        }
    }

    @Test
    void a_long_query_whose_token_died_begins_again_with_half_the_time_and_a_short_one_as_it_was() {
        assertThat(PARTS.again(days(0, 30), 200)).isEqualTo(days(0, 15));
        assertThat(PARTS.again(days(0, 30), 10)).isEqualTo(days(0, 30));
        Interval hour = new Interval(START, START.plus(Duration.ofHours(1)));
        assertThat(PARTS.again(hour, 5000)).isEqualTo(hour);
    }

    @Test
    void the_part_after_one_is_as_long_as_that_ones_pages_promise() {
        assertThat(PARTS.after(days(0, 10), 600, days(0, 30))).isEqualTo(days(10, 15));
        assertThat(PARTS.after(days(0, 10), 1, days(0, 30))).isEqualTo(days(10, 30));
    }

    private static Interval days(int from, int to) {
        return new Interval(START.plus(Duration.ofDays(from)), START.plus(Duration.ofDays(to)));
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void every_trouble_is_told_in_plain_words(Trouble trouble) {
        assertThat(trouble.message()).endsWith(".").doesNotContain("_");
        assertThat(Trouble.of(trouble.name())).isEqualTo(trouble);
    }
}
