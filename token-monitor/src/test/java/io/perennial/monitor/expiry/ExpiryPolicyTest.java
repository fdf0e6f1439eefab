package io.perennial.monitor.expiry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.perennial.monitor.expiry.Stage.Expiring;
import io.perennial.monitor.expiry.Stage.Overdue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryPolicyTest {
    private static final Instant END = Instant.parse("2027-03-14T09:26:53.589793Z");
    private static final Duration MICRO = Duration.of(1, ChronoUnit.MICROS);

    private final ExpiryPolicy policy = ExpiryPolicy.standard();

    @Nested
    class Stages {
        @ParameterizedTest
        @CsvSource({
            "1, 30, -30",
            "2, 23, -23",
            "3, 16, -16",
            "4, 9, -9",
            "5, 2, -2",
            "6, 0, 0",
            "7, OVERDUE_1, 7",
            "8, OVERDUE_2, 14",
            "9, OVERDUE_3, 21",
            "10, OVERDUE_4, 28",
            "11, OVERDUE_5, 35",
            "12, OVERDUE_6, 42",
            "13, OVERDUE_7, 49",
            "14, OVERDUE_8, 56"
        })
        void each_stage_is_due_at_its_distance_from_the_end(int number, String label, long days) {
            assertThat(policy.stage(number).orElseThrow().label()).isEqualTo(label);
            assertThat(policy.dueAt(END, number)).contains(END.plus(Duration.ofDays(days)));
        }

        @Test
        void nothing_is_due_after_the_eighth_week() {
            assertThat(policy.stage(15)).isEmpty();
            assertThat(policy.dueAt(END, 15)).isEmpty();
            assertThat(policy.reached(END, END.plus(Duration.ofDays(4_000)))).isEqualTo(14);
        }

        @Test
        void the_end_is_the_last_stage_that_is_not_overdue() {
            assertThat(policy.stage(policy.end())).contains(new Expiring(0));
            assertThat(policy.stage(policy.end() + 1)).contains(new Overdue(1));
        }

        @Test
        void stages_out_of_order_are_refused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ExpiryPolicy(List.of(new Expiring(2), new Expiring(9))));
        }
    }

    @Nested
    class Reached {
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14})
        void a_stage_is_reached_at_its_instant_and_not_a_microsecond_before(int number) {
            Instant due = policy.dueAt(END, number).orElseThrow();

            assertThat(policy.reached(END, due.minus(MICRO))).isEqualTo(number - 1);
            assertThat(policy.reached(END, due)).isEqualTo(number);
            assertThat(policy.reached(END, due.plus(MICRO))).isEqualTo(number);
        }

        @Test
        void what_is_finer_than_a_microsecond_is_cut_everywhere_alike() {
            Instant fine = END.plusNanos(999);

            assertThat(policy.dueAt(fine, 6)).contains(END);
            assertThat(policy.reached(fine, END)).isEqualTo(6);
            assertThat(policy.reached(END, END.plusNanos(999))).isEqualTo(6);
            assertThat(ExpiryPolicy.daysLeft(fine, END)).isZero();
        }

        @Test
        void the_next_stage_lies_in_the_future_and_the_reached_one_does_not() {
            Random random = new Random(20261121);
            for (int i = 0; i < 20_000; i++) {
                Instant end = END.plus(random.nextLong(4_000_000_000L), ChronoUnit.MICROS);
                Instant now = end.plusSeconds(random.nextLong(-60 * 86_400, 80 * 86_400))
                        .plusNanos(random.nextInt(1_000_000_000));
                int reached = policy.reached(end, now);

                assertThat(policy.dueAt(end, reached + 1).filter(next -> !next.isAfter(now)))
                        .isEmpty();
                if (reached > 0) {
                    assertThat(policy.dueAt(end, reached))
                            .hasValueSatisfying(due -> assertThat(due).isBeforeOrEqualTo(now));
                }
            }
        }
    }

    @Nested
    class DaysLeft {
        @ParameterizedTest
        @CsvSource({
            "P30D, 30",
            "PT719H59M59.999999S, 30",
            "PT719H, 30",
            "P29D, 29",
            "PT24H0.000001S, 2",
            "PT24H, 1",
            "PT1H, 1",
            "PT0.000001S, 1",
            "PT0S, 0",
            "PT-0.000001S, 0",
            "PT-23H, 0",
            "PT-24H, -1",
            "PT-47H, -1",
            "P-10D, -10"
        })
        void a_begun_day_counts_as_one_until_the_end_and_only_full_ones_after_it(Duration left, int days) {
            assertThat(ExpiryPolicy.daysLeft(END, END.minus(left))).isEqualTo(days);
        }

        @Test
        void an_announcement_a_little_late_still_says_the_days_of_its_stage() {
            for (int number = 1; number <= policy.end(); number++) {
                Expiring stage = (Expiring) policy.stage(number).orElseThrow();
                Instant due = policy.dueAt(END, number).orElseThrow();

                assertThat(ExpiryPolicy.daysLeft(END, due)).isEqualTo(stage.days());
                assertThat(ExpiryPolicy.daysLeft(END, due.plusSeconds(60))).isEqualTo(stage.days());
            }
        }

        @Test
        void it_falls_by_one_a_day_and_never_rises() {
            Random random = new Random(7);
            for (int i = 0; i < 5_000; i++) {
                Instant now = END.plusSeconds(random.nextLong(-400 * 86_400L, 400 * 86_400L))
                        .plusNanos(random.nextInt(1_000_000_000));
                int today = ExpiryPolicy.daysLeft(END, now);

                assertThat(ExpiryPolicy.daysLeft(END, now.plus(Duration.ofDays(1))))
                        .isEqualTo(today - 1);
                assertThat(ExpiryPolicy.daysLeft(END, now.plusMillis(random.nextLong(86_400_000))))
                        .isBetween(today - 1, today);
            }
        }

        @Test
        void a_leap_day_is_a_day_like_any_other() {
            Instant end = Instant.parse("2028-03-01T00:00:00Z");

            assertThat(ExpiryPolicy.daysLeft(end, Instant.parse("2028-02-28T00:00:00Z")))
                    .isEqualTo(2);
            assertThat(policy.dueAt(end, 5)).contains(Instant.parse("2028-02-28T00:00:00Z"));
            assertThat(policy.dueAt(Instant.parse("2029-02-28T12:00:00Z"), 1))
                    .contains(Instant.parse("2029-01-29T12:00:00Z"));
        }
    }

    @Test
    void a_year_in_small_steps_announces_each_stage_once_and_in_order() {
        Instant now = END.minus(Duration.ofDays(365));
        List<String> told = new ArrayList<>();
        int announced = 0;
        while (now.isBefore(END.plus(Duration.ofDays(100)))) {
            int reached = policy.reached(END, now);
            if (reached > announced) {
                told.add(policy.stage(reached).orElseThrow().label());
                announced = reached;
            }
            now = now.plus(Duration.ofHours(5));
        }

        assertThat(told)
                .containsExactly(
                        "30",
                        "23",
                        "16",
                        "9",
                        "2",
                        "0",
                        "OVERDUE_1",
                        "OVERDUE_2",
                        "OVERDUE_3",
                        "OVERDUE_4",
                        "OVERDUE_5",
                        "OVERDUE_6",
                        "OVERDUE_7",
                        "OVERDUE_8");
    }
}
