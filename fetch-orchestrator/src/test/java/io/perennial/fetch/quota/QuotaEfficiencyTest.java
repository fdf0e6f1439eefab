package io.perennial.fetch.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.MigratedDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole backfills on a virtual clock: the stored bucket against one that the provider keeps, which shares no line with it.
 * Efficiency is the ideal time, {@code (n - burst) / rate}, by the time taken.
 */
class QuotaEfficiencyTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration ORDERS_V0 = Duration.ofSeconds(60);
    private static final Duration SEARCH_ORDERS = Duration.ofSeconds(180);
    private static final int BURST = 20;
    private static final UUID CONNECTION = UUID.fromString("01990000-0000-7000-8000-000000000002");

    private static MigratedDatabase database;

    private final Random random = new Random(7);
    private BucketKey key;
    private UUID job;

    @BeforeAll
    static void migrate() {
        database = new MigratedDatabase("fetch_quota_efficiency");
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence)
                values (?, 't', 'x', 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1)
                """,
                CONNECTION);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void another_job_of_another_pair() {
        job = UUID.randomUUID();
        key = bucket(SEARCH_ORDERS);
        database.execute("delete from fetch_job where connection_id = ?", CONNECTION);
        database.execute(
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, next_attempt_at, lease_epoch, priority)
                values (?, ?, 't', 'DAILY', 'WAITING', '{*}', '2026-02-01Z', '2026-03-01Z', '2026-02-01Z', '2026-03-01Z',
                        '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', 7, 1)
                """,
                job,
                CONNECTION);
    }

    /** What became of a backfill. */
    private record Run(int pages, int refused, Duration took) {
        double efficiency(int burst, Duration spacing) {
            Duration ideal = spacing.multipliedBy(Math.max(0, pages - burst));
            return (double) ideal.toNanos() / took.toNanos();
        }
    }

    private final class Backfill {
        private final ProviderBucket amazon;
        private QuotaBuckets buckets;
        private Instant now = START;
        private int answered;
        private int refused;
        private IntFunction<OptionalDouble> header = page -> OptionalDouble.empty();
        private IntFunction<Duration> latency = page -> Duration.ofMillis(300);

        Backfill(ProviderBucket amazon, QuotaConfig plan) {
            this.amazon = amazon;
            this.buckets = new QuotaBuckets(database.pool(), plan);
            key = bucket(plan.spacing());
        }

        Run read(int pages) {
            while (answered < pages) {
                QuotaDecision decision = take(buckets, 7, now);
                if (decision instanceof QuotaDecision.Wait wait) {
                    now = wait.until();
                } else {
                    ask();
                }
            }
            return new Run(pages, refused, Duration.between(START, now));
        }

        private void ask() {
            Duration whole = latency.apply(answered);
            boolean granted = amazon.arrive(now.plus(whole.dividedBy(2)));
            now = now.plus(whole);
            OptionalDouble rate = granted ? header.apply(answered) : OptionalDouble.empty();
            buckets.settle(key, rate, granted, now).await().indefinitely();
            if (granted) {
                answered++;
            } else {
                refused++;
                now = buckets.empty(key, now).await().indefinitely();
            }
        }
    }

    static Stream<Arguments> backfills() {
        return Stream.of(ORDERS_V0, SEARCH_ORDERS)
                .flatMap(spacing -> Stream.of(1, 20, 21, 100, 500).map(pages -> Arguments.of(spacing, pages)));
    }

    @ParameterizedTest
    @MethodSource("backfills")
    void the_burst_goes_at_once_and_then_exactly_one_page_per_interval(Duration spacing, int pages) {
        Backfill backfill = new Backfill(new ProviderBucket(BURST, spacing), UsagePlan.whole(BURST, spacing));
        Run run = backfill.read(pages);
        assertThat(run.refused()).isZero();
        if (pages <= BURST) {
            assertThat(run.took()).isEqualTo(Duration.ofMillis(300).multipliedBy(pages));
        } else {
            assertThat(run.took())
                    .isLessThanOrEqualTo(spacing.multipliedBy(pages - BURST).plus(Duration.ofMillis(300 + 500 + 300)));
        }
        if (pages >= 100) {
            assertThat(run.efficiency(BURST, spacing)).isGreaterThanOrEqualTo(0.995);
        }
    }

    @ParameterizedTest
    @MethodSource("backfills")
    void answers_that_take_longer_or_shorter_and_headers_that_are_rounded_missing_or_nonsense_cost_no_429(
            Duration spacing, int pages) {
        double published = spacing.equals(ORDERS_V0) ? 0.0167 : 0.0056;
        double[] headers = {published, Double.NaN, published, 0, -3, Double.POSITIVE_INFINITY, 1e-12, published};
        Backfill backfill = new Backfill(new ProviderBucket(BURST, spacing), UsagePlan.whole(BURST, spacing));
        backfill.header = page -> page % 9 == 8 ? OptionalDouble.empty() : OptionalDouble.of(headers[page % 9]);
        backfill.latency = page -> Duration.ofMillis(20 + random.nextInt(page == 0 ? 15_000 : 3_000));
        Run run = backfill.read(pages);
        assertThat(run.refused()).isZero();
        if (pages >= 100) {
            assertThat(run.efficiency(BURST, spacing)).isGreaterThanOrEqualTo(0.995);
        }
    }

    @Test
    void a_plan_that_gets_slower_and_faster_again_is_followed_without_a_429_and_without_a_burst() {
        ProviderBucket amazon = new ProviderBucket(BURST, SEARCH_ORDERS);
        Backfill backfill = new Backfill(amazon, UsagePlan.whole(BURST, SEARCH_ORDERS));
        Duration slow = SEARCH_ORDERS.multipliedBy(2);
        backfill.header = page -> {
            boolean slower = page >= 40 && page < 80;
            amazon.changeRate(backfill.now, slower ? slow : SEARCH_ORDERS);
            return OptionalDouble.of(1.0 / (slower ? slow : SEARCH_ORDERS).toSeconds());
        };
        Run run = backfill.read(120);
        assertThat(run.refused()).isZero();
        Duration ideal = SEARCH_ORDERS.multipliedBy(20 + 40 * 2 + 40);
        assertThat((double) ideal.toNanos() / run.took().toNanos()).isBetween(0.98, 1.02);
    }

    @Test
    void what_the_integrators_own_calls_need_stays_with_them() {
        ProviderBucket amazon = new ProviderBucket(BURST, SEARCH_ORDERS);
        Duration theirs = Duration.ofNanos((long) (SEARCH_ORDERS.toNanos() / 0.3));
        Instant[] next = {START};
        Backfill backfill = new Backfill(amazon, new UsagePlan(BURST, SEARCH_ORDERS, 0.7));
        List<Boolean> foreign = new ArrayList<>();
        backfill.latency = page -> {
            for (; !next[0].isAfter(backfill.now); next[0] = next[0].plus(theirs)) {
                foreign.add(amazon.arrive(next[0]));
            }
            return Duration.ofMillis(300);
        };
        Run run = backfill.read(500);
        assertThat(foreign).hasSizeGreaterThan(150).doesNotContain(false);
        assertThat(run.refused()).isZero();
        Duration ours = Duration.ofNanos((long) (SEARCH_ORDERS.toNanos() / 0.7));
        assertThat(run.efficiency(14, ours)).isGreaterThanOrEqualTo(0.995);
    }

    @Test
    void who_uses_more_than_we_left_him_makes_our_share_fall_and_nothing_is_lost() {
        ProviderBucket amazon = new ProviderBucket(BURST, SEARCH_ORDERS);
        Duration theirs = SEARCH_ORDERS.multipliedBy(2);
        Instant[] next = {START};
        Backfill backfill = new Backfill(amazon, UsagePlan.whole(BURST, SEARCH_ORDERS));
        backfill.latency = page -> {
            for (; !next[0].isAfter(backfill.now); next[0] = next[0].plus(theirs)) {
                amazon.arrive(next[0]);
            }
            return Duration.ofMillis(300);
        };
        Run run = backfill.read(200);
        assertThat(backfill.refused).isBetween(1, 20);
        assertThat(run.took()).isLessThan(SEARCH_ORDERS.multipliedBy(200 * 3));
    }

    @Test
    void a_restart_in_the_middle_changes_nothing() {
        QuotaConfig plan = UsagePlan.whole(BURST, SEARCH_ORDERS);
        Backfill backfill = new Backfill(new ProviderBucket(BURST, SEARCH_ORDERS), plan);
        backfill.read(10);
        backfill.buckets = new QuotaBuckets(database.pool(), plan);
        backfill.read(60);
        backfill.buckets = new QuotaBuckets(database.pool(), plan);
        Run run = backfill.read(100);
        assertThat(run.refused()).isZero();
        assertThat(run.efficiency(BURST, SEARCH_ORDERS)).isGreaterThanOrEqualTo(0.995);
    }

    @Test
    void of_two_replicas_the_frozen_one_gets_no_request_when_it_wakes() {
        QuotaConfig plan = UsagePlan.whole(BURST, SEARCH_ORDERS);
        QuotaBuckets frozen = new QuotaBuckets(database.pool(), plan);
        take(frozen, 6, START);
        Backfill backfill = new Backfill(new ProviderBucket(BURST, SEARCH_ORDERS), plan);
        backfill.latency = page -> {
            assertThat(take(frozen, 6, backfill.now)).isInstanceOf(QuotaDecision.LeaseLost.class);
            return Duration.ofMillis(300);
        };
        Run run = backfill.read(100);
        assertThat(run.refused()).isZero();
        assertThat(run.efficiency(BURST, SEARCH_ORDERS)).isGreaterThanOrEqualTo(0.995);
    }

    /** It took its token, froze, and its request arrives when the other replica has long gone on. */
    @Test
    void a_request_of_a_replica_that_froze_after_taking_is_not_one_too_many() {
        QuotaConfig plan = UsagePlan.whole(BURST, SEARCH_ORDERS);
        ProviderBucket amazon = new ProviderBucket(BURST, SEARCH_ORDERS);
        QuotaBuckets frozen = new QuotaBuckets(database.pool(), plan);
        assertThat(take(frozen, 7, START)).isInstanceOf(QuotaDecision.Taken.class);
        Backfill backfill = new Backfill(amazon, plan);
        backfill.now = START.plus(Duration.ofDays(1));
        assertThat(amazon.arrive(backfill.now)).isTrue();
        frozen.settle(key, OptionalDouble.empty(), true, backfill.now).await().indefinitely();
        backfill.read(60);
        assertThat(backfill.refused).isZero();
    }

    @Test
    void a_pair_whose_stamp_was_lost_starts_empty() {
        QuotaBuckets buckets = new QuotaBuckets(database.pool(), UsagePlan.whole(BURST, SEARCH_ORDERS));
        database.execute("update fetch_job set asked = '{searchOrders}' where id = ?", job);
        QuotaDecision first = take(buckets, 7, START);
        assertThat(first)
                .isEqualTo(new QuotaDecision.Wait(START.plus(SEARCH_ORDERS).plus(Duration.ofMillis(500))));
        assertThat(take(buckets, 7, ((QuotaDecision.Wait) first).until())).isInstanceOf(QuotaDecision.Taken.class);
        assertThat(take(buckets, 7, ((QuotaDecision.Wait) first).until())).isInstanceOf(QuotaDecision.Wait.class);
    }

    /** Whatever happens: pauses, parallel takers, changes of the rate, answers that never come. */
    @Test
    void no_span_of_time_holds_more_than_the_burst_and_what_came_back_in_it() {
        Backfill backfill =
                new Backfill(new ProviderBucket(BURST, SEARCH_ORDERS), UsagePlan.whole(BURST, SEARCH_ORDERS));
        List<Instant> taken = new ArrayList<>();
        Instant now = START;
        for (int i = 0; i < 1500; i++) {
            now = now.plusMillis(random.nextInt(random.nextInt(50) == 0 ? 2_000_000 : 60_000));
            if (take(backfill.buckets, 7, now) instanceof QuotaDecision.Taken) {
                taken.add(now);
                int kind = random.nextInt(4);
                OptionalDouble rate =
                        kind == 0 ? OptionalDouble.of(1.0 / (60 + random.nextInt(600))) : OptionalDouble.empty();
                if (kind < 3) {
                    backfill.buckets
                            .settle(key, rate, kind != 2, now.plusMillis(random.nextInt(2000)))
                            .await()
                            .indefinitely();
                }
            }
        }
        assertThat(taken).hasSizeGreaterThan(100);
        for (int from = 0; from < taken.size(); from++) {
            for (int to = from; to < taken.size(); to++) {
                long back = Duration.between(taken.get(from), taken.get(to)).dividedBy(SEARCH_ORDERS);
                assertThat(to - from + 1L).isLessThanOrEqualTo(BURST + back);
            }
        }
    }

    private BucketKey bucket(Duration spacing) {
        return new BucketKey("app", job.toString(), "EU", new Operation("searchOrders", BURST, spacing));
    }

    private QuotaDecision take(QuotaBuckets buckets, long epoch, Instant now) {
        return buckets.take(key, job, epoch, now).await().atMost(Duration.ofSeconds(60));
    }
}
