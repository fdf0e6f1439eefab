package io.perennial.fetch.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.MigratedDatabase;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotaBucketsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration SPACING = Duration.ofSeconds(180);
    private static final Duration GUARD = Duration.ofMillis(500);
    private static final UUID JOB = UUID.fromString("01990000-0000-7000-8000-000000000001");
    private static final UUID CONNECTION = UUID.fromString("01990000-0000-7000-8000-000000000002");

    private static MigratedDatabase database;
    private static QuotaBuckets buckets;

    private BucketKey key;

    @BeforeAll
    static void migrate() {
        database = new MigratedDatabase("fetch_quota");
        buckets = new QuotaBuckets(database.pool(), UsagePlan.whole(20, SPACING));
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence)
                values (?, 't', 'x', 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1)
                """,
                CONNECTION);
        database.execute(
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, next_attempt_at, lease_epoch, priority)
                values (?, ?, 't', 'DAILY', 'WAITING', '{*}', '2026-02-01Z', '2026-03-01Z', '2026-02-01Z', '2026-03-01Z',
                        '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', 7, 1)
                """,
                JOB,
                CONNECTION);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void another_bucket() {
        key = new BucketKey("app", UUID.randomUUID().toString(), "EU", new Operation("searchOrders", 20, SPACING));
    }

    @Test
    void a_bucket_never_used_before_is_full_and_gives_its_whole_burst_at_once() {
        assertThat(takeAllAt(START)).isEqualTo(20);
    }

    @Test
    void after_the_burst_exactly_one_request_per_spacing_is_given() {
        takeAllAt(START);
        List<Duration> taken = new ArrayList<>();
        for (Duration at = Duration.ZERO; at.compareTo(SPACING.multipliedBy(10)) <= 0; at = at.plusSeconds(10)) {
            if (take(START.plus(at)) instanceof QuotaDecision.Taken) {
                taken.add(at);
            }
        }
        assertThat(taken)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 10)
                        .mapToObj(SPACING::multipliedBy)
                        .toList());
    }

    @Test
    void a_search_that_began_before_operations_were_noted_has_used_its_bucket() {
        database.execute("update fetch_job set started_at = '2026-02-28Z'");
        try {
            assertThat(take(START)).isInstanceOf(QuotaDecision.Wait.class);
            key = new BucketKey("app", key.accountId(), "EU", new Operation("getSubscription", 20, SPACING));
            assertThat(takeAllAt(START)).isEqualTo(20);
        } finally {
            database.execute("update fetch_job set started_at = null");
        }
    }

    @Test
    void an_empty_bucket_names_the_instant_of_the_next_request_with_the_guard() {
        takeAllAt(START);
        assertThat(take(START.plusSeconds(60)))
                .isEqualTo(new QuotaDecision.Wait(START.plus(SPACING).plus(GUARD)));
    }

    @Test
    void the_guard_is_added_once_and_does_not_add_up() {
        takeAllAt(START);
        Instant now = START;
        for (int i = 0; i < 50; i++) {
            now = ((QuotaDecision.Wait) take(now)).until();
            assertThat(take(now)).isInstanceOf(QuotaDecision.Taken.class);
        }
        assertThat(now).isEqualTo(START.plus(SPACING.multipliedBy(50)).plus(GUARD));
    }

    @Test
    void concurrent_takers_never_get_more_than_the_burst() {
        List<Uni<QuotaDecision>> takers = IntStream.range(0, 100)
                .mapToObj(i -> buckets.take(key, JOB, 7, START))
                .toList();
        List<QuotaDecision> decisions =
                Uni.join().all(takers).andFailFast().await().atMost(Duration.ofSeconds(30));
        assertThat(decisions).filteredOn(QuotaDecision.Taken.class::isInstance).hasSize(20);
    }

    @Test
    void no_window_of_time_holds_more_than_burst_and_refill() {
        List<Instant> taken = new ArrayList<>();
        java.util.Random random = new java.util.Random(42);
        Instant now = START;
        for (int i = 0; i < 600; i++) {
            now = now.plusSeconds(random.nextInt(120));
            if (take(now) instanceof QuotaDecision.Taken) {
                taken.add(now);
            }
        }
        for (int from = 0; from < taken.size(); from++) {
            for (int to = from; to < taken.size(); to++) {
                long refilled = Duration.between(taken.get(from), taken.get(to)).dividedBy(SPACING);
                assertThat(to - from + 1L).isLessThanOrEqualTo(20 + refilled);
            }
        }
        assertThat(taken).hasSizeGreaterThan(150);
    }

    @Test
    void after_a_429_nothing_is_given_for_one_spacing() {
        take(START);
        Instant next = buckets.empty(key, START).await().indefinitely();
        assertThat(next).isEqualTo(START.plus(SPACING).plus(GUARD));
        assertThat(take(START.plus(SPACING).minusSeconds(1))).isInstanceOf(QuotaDecision.Wait.class);
        assertThat(take(next)).isInstanceOf(QuotaDecision.Taken.class);
        assertThat(take(next)).isInstanceOf(QuotaDecision.Wait.class);
    }

    @Test
    void a_slower_rate_header_lengthens_the_spacing_without_a_retroactive_burst() {
        takeAllAt(START);
        adapt(1.0 / 360);
        assertThat(take(START.plus(SPACING))).isInstanceOf(QuotaDecision.Wait.class);
        assertThat(take(START.plusSeconds(360))).isInstanceOf(QuotaDecision.Taken.class);
        assertThat(take(START.plusSeconds(360))).isInstanceOf(QuotaDecision.Wait.class);
    }

    @Test
    void a_spacing_that_an_answer_told_lapses_a_day_after_it_was_last_told() {
        takeAllAt(START);
        adapt(1.0 / 360);
        Instant later = START.plus(Duration.ofHours(23));
        adapt(1.0 / 360, later);
        Instant next = later.plus(Duration.ofHours(23));
        takeAllAt(next);
        assertThat(take(next.plus(SPACING))).as("46 h after the first").isInstanceOf(QuotaDecision.Wait.class);
        Instant dayAfter = later.plus(Duration.ofDays(1));
        int there = takeAllAt(dayAfter);
        assertThat(there).as("an hour's worth at the told pace").isEqualTo(10);
        assertThat(take(dayAfter.plus(SPACING))).isInstanceOf(QuotaDecision.Taken.class);
    }

    @Test
    void another_plan_in_the_configuration_reaches_buckets_in_use_without_a_retroactive_burst() {
        Instant anHour = START.plus(Duration.ofHours(1));
        takeAllAt(START);
        key = withPlan(40, Duration.ofSeconds(60));
        assertThat(takeAllAt(START)).as("nothing was in it").isZero();
        assertThat(takeAllAt(anHour)).as("one a minute, as many as the burst").isEqualTo(40);
        key = withPlan(5, Duration.ofSeconds(600));
        assertThat(takeAllAt(anHour)).isZero();
        assertThat(take(anHour.plusSeconds(599))).isInstanceOf(QuotaDecision.Wait.class);
        assertThat(takeAllAt(anHour.plus(Duration.ofDays(1)))).isEqualTo(5);
        key = withPlan(40, Duration.ofSeconds(60));
        assertThat(takeAllAt(anHour.plus(Duration.ofDays(2))))
                .as("what was in it, not what the new burst would have gathered")
                .isEqualTo(5);
    }

    private BucketKey withPlan(int burst, Duration spacing) {
        return new BucketKey("app", key.accountId(), "EU", new Operation("searchOrders", burst, spacing));
    }

    @Test
    void a_faster_rate_header_never_shortens_the_published_spacing() {
        takeAllAt(START);
        adapt(5.0);
        assertThat(take(START.plus(SPACING).minusMillis(1))).isInstanceOf(QuotaDecision.Wait.class);
    }

    @Test
    void a_rate_header_that_is_nonsense_is_ignored() {
        takeAllAt(START);
        for (double nonsense : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-9}) {
            adapt(nonsense);
        }
        assertThat(take(START.plus(SPACING))).isInstanceOf(QuotaDecision.Taken.class);
    }

    @Test
    void a_holder_that_lost_its_lease_gets_nothing() {
        assertThat(buckets.take(key, JOB, 6, START).await().indefinitely()).isInstanceOf(QuotaDecision.LeaseLost.class);
        assertThat(takeAllAt(START)).isEqualTo(20);
    }

    private int takeAllAt(Instant now) {
        int taken = 0;
        while (take(now) instanceof QuotaDecision.Taken) {
            taken++;
        }
        return taken;
    }

    private QuotaDecision take(Instant now) {
        return buckets.take(key, JOB, 7, now).await().atMost(Duration.ofSeconds(60));
    }

    private void adapt(double rate) {
        adapt(rate, START);
    }

    private void adapt(double rate, Instant now) {
        buckets.settle(key, OptionalDouble.of(rate), true, now).await().indefinitely();
    }
}
