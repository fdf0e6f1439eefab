package io.perennial.fetch.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.OrderChange;
import io.perennial.fetch.orders.OrdersConfig;
import io.perennial.fetch.quota.QuotaConfig;
import io.perennial.fetch.report.ReportsConfig;
import io.perennial.fetch.watermark.Interval;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    private static final Map<String, String> WHOLE_DAYS = Map.of("perennial.reports.longest-window", "PT720H");
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
        assertThat(PARTS.again(days(0, 30), 200, 0)).isEqualTo(days(0, 15));
        assertThat(PARTS.again(days(0, 30), 10, 0)).isEqualTo(days(0, 30));
        Interval hour = new Interval(START, START.plus(Duration.ofHours(1)));
        assertThat(PARTS.again(hour, 5000, 3)).isEqualTo(hour);
    }

    /** A page in half an hour: 48 of them while a token lives. */
    @Test
    void where_few_pages_come_through_a_query_is_halved_until_it_ends_before_its_token() {
        Interval part = days(0, 5);
        for (int deaths = 0; deaths < 4; deaths++) {
            part = PARTS.again(part, 48, deaths);
        }
        int pagesOfADay = 60;
        assertThat(part.from()).isEqualTo(START);
        assertThat(part.length().toHours() * pagesOfADay / 24).isBetween(24L, 48L);
    }

    @Test
    void a_first_page_whose_orders_lie_close_makes_its_part_as_short_as_page_tokens_live() {
        Interval gap = days(0, 120);
        List<Instant> aThousandADay = every(Duration.ofMillis(86_400), 101);
        assertThat(PARTS.narrowed(gap, aThousandADay).orElseThrow().length().toHours())
                .isBetween(29 * 24L, 30 * 24L);
        assertThat(PARTS.narrowed(days(0, 29), aThousandADay)).isEmpty();
        assertThat(PARTS.narrowed(gap, every(Duration.ofDays(1), 101))).isEmpty();
        assertThat(PARTS.narrowed(gap, every(Duration.ofSeconds(1), 99)))
                .as("all there is")
                .isEmpty();
        assertThat(PARTS.narrowed(gap, Collections.nCopies(100, START))
                        .orElseThrow()
                        .length())
                .isEqualTo(Duration.ofHours(1));
    }

    private static List<Instant> every(Duration spacing, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> START.plus(spacing.multipliedBy(i)))
                .toList();
    }

    @Test
    void the_part_after_one_is_as_long_as_that_ones_pages_promise() {
        assertThat(PARTS.after(days(0, 10), 600, days(0, 30))).isEqualTo(days(10, 15));
        assertThat(PARTS.after(days(0, 10), 1, days(0, 30))).isEqualTo(days(10, 30));
    }

    @Test
    void parts_that_are_reports_have_at_most_thirty_days_and_as_many_orders_as_are_held_at_once() {
        PartPolicy reports = PartPolicy.ofReports(config(ReportsConfig.class, WHOLE_DAYS));
        assertThat(reports.next(START, days(0, 75), 0)).isEqualTo(days(0, 30));
        assertThat(reports.next(START, days(0, 75), 100)).isEqualTo(days(0, 30));
        assertThat(reports.next(START, days(0, 75), 10_000)).isEqualTo(days(0, 5));
        assertThat(reports.after(days(0, 30), 3000, days(0, 75))).isEqualTo(days(30, 60));
        assertThat(reports.after(days(30, 60), 300_000, days(0, 75))).isEqualTo(days(60, 65));
        assertThat(reports.half(days(0, 30))).isEqualTo(days(0, 15));
    }

    /** Pages: 14 of the burst at once, then one in 257 s. Reports: 15 minutes for each 30 days. */
    @ParameterizedTest
    @CsvSource({
        "45, 3, SEARCH, SEARCH_SOON_ENOUGH, 0, 30",
        "1, 2000, SEARCH, SEARCH_SOON_ENOUGH, 25, 15",
        "45, 60, SEARCH, SEARCH_SOON_ENOUGH, 55, 30",
        "45, 80, REPORT, REPORT_SOONER, 94, 30",
        "45, 220, REPORT, REPORT_SOONER, 364, 30",
        "365, 100, REPORT, REPORT_SOONER, 1504, 195",
        "30, 10000, REPORT, REPORT_SOONER, 12797, 90",
        "30, 0, SEARCH, SEARCH_SOON_ENOUGH, 0, 15"
    })
    void the_way_is_chosen_by_which_the_last_order_arrives_sooner(
            int days, double ordersPerDay, Strategy strategy, StrategyReason reason, long search, long report) {
        StrategyPolicy.Choice choice =
                strategies(WHOLE_DAYS).choose(Duration.ofDays(days), ordersPerDay, List.of("A1PA6795UKMFR9"));
        assertThat(choice.strategy()).isEqualTo(strategy);
        assertThat(choice.reason()).isEqualTo(reason);
        assertThat(choice.bySearch().toMinutes()).isEqualTo(search);
        assertThat(choice.byReport().toMinutes()).isEqualTo(report);
    }

    @Test
    void pages_are_read_where_reports_can_not_be_compared_with_them() {
        Duration year = Duration.ofDays(365);
        List<String> germany = List.of("A1PA6795UKMFR9");
        assertThat(strategies(Map.of()).choose(year, null, germany).reason()).isEqualTo(StrategyReason.VOLUME_UNKNOWN);
        assertThat(strategies(Map.of()).choose(year, 1000.0, List.of("*")).reason())
                .isEqualTo(StrategyReason.MARKETPLACES_UNKNOWN);
        assertThat(strategies(Map.of())
                        .choose(year, 1000.0, Collections.nCopies(26, "X"))
                        .reason())
                .isEqualTo(StrategyReason.MARKETPLACES_UNKNOWN);
        assertThat(strategies(Map.of("perennial.reports.enabled", "false"))
                        .choose(year, 1000.0, germany)
                        .reason())
                .isEqualTo(StrategyReason.REPORTS_OFF);
    }

    @Test
    void a_person_is_told_why() {
        assertThat(StrategyWords.of("REPORT_SOONER", 21_840, 1800))
                .isEqualTo("Reports are through sooner than pages. Estimated: pages 6 h, reports 30 min.");
        assertThat(StrategyWords.of("VOLUME_UNKNOWN", null, null)).doesNotContain("Estimated");
        assertThat(StrategyWords.of("REPORT_TOO_LARGE", 1, 1))
                .contains("larger than allowed")
                .endsWith("page by page instead.");
        assertThat(StrategyWords.of(null, null, null)).isNull();
    }

    private static StrategyPolicy strategies(Map<String, String> settings) {
        return new StrategyPolicy(
                config(QuotaConfig.class, settings),
                config(OrdersConfig.class, settings),
                config(ReportsConfig.class, settings));
    }

    static <T> T config(Class<T> mapping, Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 500))
                .withMapping(mapping)
                .build()
                .getConfigMapping(mapping);
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
