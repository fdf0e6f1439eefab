package io.perennial.monitor.expiry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.perennial.monitor.expiry.Stage.Expiring;
import io.perennial.monitor.expiry.Stage.Overdue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
            "-1000, 30, -30",
            "-30, 23, -23",
            "-23, 16, -16",
            "-16, 9, -9",
            "-9, 2, -2",
            "-2, 0, 0",
            "0, OVERDUE_1, 7",
            "7, OVERDUE_2, 14",
            "14, OVERDUE_3, 21",
            "21, OVERDUE_4, 28",
            "28, OVERDUE_5, 35",
            "35, OVERDUE_6, 42",
            "42, OVERDUE_7, 49",
            "49, OVERDUE_8, 56"
        })
        void each_stage_follows_the_one_before_at_its_distance_from_the_end(int told, String label, long days) {
            assertThat(policy.after(told).orElseThrow().label()).isEqualTo(label);
            assertThat(policy.dueAt(END, told)).contains(END.plus(Duration.ofDays(days)));
        }

        @Test
        void nothing_is_due_after_the_eighth_week() {
            assertThat(policy.after(56)).isEmpty();
            assertThat(policy.dueAt(END, 56)).isEmpty();
            assertThat(policy.reached(END, END.plus(Duration.ofDays(4_000)))).contains(new Overdue(8));
        }

        @Test
        void a_day_says_which_stage_it_is_in_any_plan() {
            assertThat(Stage.ofDay(-30)).isEqualTo(new Expiring(30));
            assertThat(Stage.ofDay(0)).isEqualTo(new Expiring(0));
            assertThat(Stage.ofDay(7)).isEqualTo(new Overdue(1));
            assertThat(ExpiryPolicy.ofDays(policy.days()).stages()).isEqualTo(policy.stages());
        }
    }

    @Nested
    class Choice {
        @Test
        void a_tenant_may_choose_and_what_it_leaves_open_is_as_usual() {
            assertThat(ExpiryPolicy.chosen(List.of(60, 1, 0), null).days())
                    .startsWith(-60, -1, 0, 7)
                    .endsWith(56);
            assertThat(ExpiryPolicy.chosen(null, 0).days()).containsExactly(-30, -23, -16, -9, -2, 0);
            assertThat(ExpiryPolicy.chosen(null, null).days()).isEqualTo(policy.days());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "2 9 0 | 8",
                    "9 9 0 | 8",
                    "30 2 | 8",
                    "365 0 | 8",
                    "0 -1 | 8",
                    "30 0 | 9",
                    "30 0 | -1",
                    "' ' | 8"
                })
        void what_is_no_plan_is_refused(String days, int weeks) {
            List<Integer> stages = days.isBlank()
                    ? List.of()
                    : Stream.of(days.split(" ")).map(Integer::valueOf).toList();

            assertThatIllegalArgumentException().isThrownBy(() -> ExpiryPolicy.of(stages, weeks));
        }

        @Test
        void another_choice_tells_nothing_twice_and_skips_nothing_that_is_still_to_come() {
            ExpiryPolicy chosen = ExpiryPolicy.of(List.of(20, 16, 10, 0), 1);

            assertThat(chosen.after(-16)).contains(new Expiring(10));
            assertThat(chosen.after(-23)).contains(new Expiring(20));
            assertThat(chosen.after(-9)).contains(new Expiring(0));
            assertThat(chosen.after(14)).isEmpty();
        }
    }

    @Nested
    class Reached {
        @ParameterizedTest
        @ValueSource(ints = {-30, -23, -16, -9, -2, 0, 7, 14, 21, 28, 35, 42, 49, 56})
        void a_stage_is_reached_at_its_instant_and_not_a_microsecond_before(int day) {
            Instant due = END.plus(Duration.ofDays(day));

            assertThat(policy.reached(END, due)).contains(Stage.ofDay(day));
            assertThat(policy.reached(END, due.plus(MICRO))).contains(Stage.ofDay(day));
            assertThat(policy.reached(END, due.minus(MICRO)).map(Stage::day).orElse(ExpiryPolicy.NOTHING))
                    .isLessThan(day);
        }

        @Test
        void what_is_finer_than_a_microsecond_is_cut_everywhere_alike() {
            Instant fine = END.plusNanos(999);

            assertThat(policy.dueAt(fine, -2)).contains(END);
            assertThat(policy.reached(fine, END)).contains(new Expiring(0));
            assertThat(policy.reached(END, END.plusNanos(999))).contains(new Expiring(0));
            assertThat(ExpiryPolicy.daysLeft(fine, END)).isZero();
        }

        @Test
        void of_any_plan_the_next_stage_lies_in_the_future_and_the_reached_one_does_not() {
            Random random = new Random(20261121);
            for (int i = 0; i < 20_000; i++) {
                ExpiryPolicy any = anyPlan(random);
                Instant end = END.plus(random.nextLong(4_000_000_000L), ChronoUnit.MICROS);
                Instant now = end.plusSeconds(random.nextLong(-400 * 86_400, 80 * 86_400))
                        .plusNanos(random.nextInt(1_000_000_000));
                int reached = any.reached(end, now).map(Stage::day).orElse(ExpiryPolicy.NOTHING);

                assertThat(any.dueAt(end, reached).filter(next -> !next.isAfter(now)))
                        .isEmpty();
                if (reached > ExpiryPolicy.NOTHING) {
                    assertThat(any.dueAt(end, reached - 1))
                            .hasValueSatisfying(due -> assertThat(due).isBeforeOrEqualTo(now));
                }
            }
        }

        /** The clocks of half the world change between these stages and the end, and a leap day lies between others. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "2028-03-01T00:00:00Z",
                    "2028-02-29T23:59:59.999999Z",
                    "2027-03-28T01:00:00Z",
                    "2027-10-31T01:00:00Z",
                    "2027-11-07T06:00:00Z",
                    "2100-03-01T12:00:00.000001Z"
                })
        void every_boundary_of_every_stage_is_a_whole_number_of_days_from_the_end(String leap) {
            Instant end = Instant.parse(leap);
            for (Stage stage : policy.stages()) {
                Instant due = policy.dueAt(end, stage.day() - 1).orElseThrow();

                assertThat(Duration.between(due, end)).isEqualTo(Duration.ofHours(-24L * stage.day()));
                assertThat(policy.reached(end, due)).contains(stage);
                assertThat(policy.reached(end, due.minus(MICRO))).isNotEqualTo(Optional.of(stage));
                if (stage instanceof Expiring expiring) {
                    assertThat(ExpiryPolicy.daysLeft(end, due)).isEqualTo(expiring.days());
                    assertThat(ExpiryPolicy.daysLeft(end, due.minus(MICRO))).isEqualTo(expiring.days() + 1);
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
            for (int days : List.of(30, 23, 16, 9, 2, 0)) {
                Instant due = policy.dueAt(END, -days - 1).orElseThrow();

                assertThat(ExpiryPolicy.daysLeft(END, due)).isEqualTo(days);
                assertThat(ExpiryPolicy.daysLeft(END, due.plusSeconds(60))).isEqualTo(days);
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
            assertThat(policy.dueAt(end, -9)).contains(Instant.parse("2028-02-28T00:00:00Z"));
            assertThat(policy.dueAt(Instant.parse("2029-02-28T12:00:00Z"), ExpiryPolicy.NOTHING))
                    .contains(Instant.parse("2029-01-29T12:00:00Z"));
        }
    }

    /**
     * The loop in memory: 10,000 merchants with plans of their own over 400 days in steps of uneven length, with days of
     * standstill. Some renew, some have their end corrected, some tenants choose anew in between.
     */
    @Test
    void in_400_days_of_10_000_merchants_no_stage_is_doubled_late_or_skipped_without_cause() {
        long seed = 20261122;
        Random random = new Random(seed);
        Instant start = Instant.parse("2027-02-20T00:00:00Z");
        List<Merchant> merchants = IntStream.range(0, 10_000)
                .mapToObj(i -> new Merchant(anyPlan(random), start, random.nextLong(430L * 86_400)))
                .toList();
        Instant before = start;
        for (Instant now = start; now.isBefore(start.plus(Duration.ofDays(400))); ) {
            for (Merchant merchant : merchants) {
                merchant.lookedAt(before, now, random, seed);
            }
            before = now;
            now = now.plusSeconds(random.nextInt(20) == 0 ? random.nextInt(12 * 86_400) : 86_400);
        }

        assertThat(merchants.stream().mapToInt(merchant -> merchant.told.size()).sum())
                .isGreaterThan(50_000);
    }

    /** What the projection keeps of one connection, driven by the policy alone. */
    private static final class Merchant {
        private ExpiryPolicy plan;
        private Instant end;
        private int last = ExpiryPolicy.NOTHING;
        private Instant plannedAt;
        private final List<String> told = new ArrayList<>();
        private final Set<Integer> ofThisGrant = new HashSet<>();

        Merchant(ExpiryPolicy plan, Instant connectedAt, long lastsSeconds) {
            this.plan = plan;
            this.end = connectedAt.plusSeconds(lastsSeconds);
            this.plannedAt = connectedAt;
        }

        void lookedAt(Instant before, Instant now, Random random, long seed) {
            Optional<Instant> due = plan.dueAt(end, last);
            if (due.isPresent() && !due.get().isAfter(now)) {
                Stage stage = plan.reached(end, now).orElseThrow();
                String what = "seed " + seed + ", end " + end + ", now " + now + ", plan " + plan.days();
                assertThat(stage.day()).as(what).isGreaterThan(last);
                assertThat(ofThisGrant.add(stage.day())).as(what).isTrue();
                assertThat(due.get().isAfter(before) || plannedAt.equals(before))
                        .as("due at the last look already: " + what)
                        .isTrue();
                last = stage.day();
                told.add(stage.label());
            }
            assertThat(plan.dueAt(end, last).filter(next -> !next.isAfter(now))).isEmpty();
            happens(now, random);
        }

        private void happens(Instant now, Random random) {
            int chance = random.nextInt(2_000);
            if (chance < 3) {
                plan = anyPlan(random);
                plannedAt = now;
            } else if (chance < 5 && last > ExpiryPolicy.NOTHING) {
                end = now.plus(Duration.ofDays(365));
                last = ExpiryPolicy.NOTHING;
                ofThisGrant.clear();
            } else if (chance == 5) {
                end = end.plusSeconds(random.nextLong(-6 * 86_400L, 6 * 86_400L));
                plannedAt = now;
            }
        }
    }

    private static ExpiryPolicy anyPlan(Random random) {
        List<Integer> days = Stream.concat(
                        random.ints(random.nextInt(8), 1, 365).boxed(), Stream.of(0))
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        return random.nextBoolean() ? ExpiryPolicy.standard() : ExpiryPolicy.of(days, random.nextInt(9));
    }

    @Test
    void a_year_in_small_steps_announces_each_stage_once_and_in_order() {
        Instant now = END.minus(Duration.ofDays(365));
        List<String> told = new ArrayList<>();
        int last = ExpiryPolicy.NOTHING;
        while (now.isBefore(END.plus(Duration.ofDays(100)))) {
            Optional<Stage> reached = policy.reached(END, now);
            if (reached.isPresent() && reached.get().day() > last) {
                told.add(reached.get().label());
                last = reached.get().day();
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
