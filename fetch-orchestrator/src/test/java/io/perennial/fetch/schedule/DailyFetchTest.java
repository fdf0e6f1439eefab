package io.perennial.fetch.schedule;

import static io.perennial.fetch.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.Topics;
import io.perennial.fetch.BrokenAmazon;
import io.perennial.fetch.FetchService;
import io.perennial.fetch.MigratedDatabase;
import io.perennial.fetch.Stage;
import io.perennial.fetch.backfill.FetchLoop;
import io.perennial.fetch.backfill.FetchPlanner;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.outbox.Outbox;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class DailyFetchTest {
    private static final Duration QUOTA_STEP = Duration.ofSeconds(61);

    @Inject
    DailyFetch daily;

    @Inject
    ConnectionViews views;

    @Inject
    FetchPlanner planner;

    @Inject
    DomainClock clock;

    @Inject
    Vertx vertx;

    @Inject
    Pool pool;

    @Inject
    FetchLoop loop;

    @Inject
    Outbox outbox;

    @Test
    void days_missed_by_a_jump_of_the_clock_are_one_window() {
        try (Stage stage = Stage.withSeller("EU", 5)) {
            stage.authorized();
            Instant covered = Stage.to(stage.completed("FIRST_LOAD"));
            stage.clock.advance(Duration.ofDays(9));
            planAll(stage);
            planAll(stage);
            ReceivedEvent completed = stage.completed("DAILY");
            assertThat(Stage.from(completed)).isEqualTo(covered.minus(Duration.ofMinutes(15)));
            assertThat(stage.orderIds(Stage.fetchId(completed)))
                    .isEqualTo(stage.amazon.truthAfter(stage.seller, covered, Stage.to(completed)));
            assertThat(stage.fetches().getList("fetches.reason")).containsExactly("DAILY", "FIRST_LOAD");
        }
    }

    @Test
    void an_empty_daily_fetch_is_told_by_its_end_alone_and_one_with_news_from_its_beginning() {
        AtomicReference<String> orders = new AtomicReference<>("");
        try (Stage stage = Stage.withSeller("EU", 11);
                BrokenAmazon amazon = new BrokenAmazon(request -> BrokenAmazon.page("", orders.get()))) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.completed("FIRST_LOAD");
            stage.clock.advance(Duration.ofDays(1));
            planMine(stage);
            ReceivedEvent empty = stage.completed("DAILY");
            assertThat(told(stage, Stage.fetchId(empty))).containsExactly("FetchCompleted");

            orders.set(BrokenAmazon.order("302-0000011-0000001", "2026-01-01T10:00:00Z"));
            stage.clock.advance(Duration.ofDays(1));
            planMine(stage);
            await().until(() -> stage.told("FetchCompleted").size() == 3);
            assertThat(told(stage, stage.fetches().getString("fetches[0].id")))
                    .containsExactly("FetchRequested", "FetchStarted", "FetchCompleted");
        }
    }

    private static List<String> told(Stage stage, String fetch) {
        return stage.events.upToNow().stream()
                .filter(event -> event.topic().equals(Topics.FETCHES))
                .filter(event -> fetch.equals(event.data().path("fetchId").asText()))
                .map(ReceivedEvent::type)
                .toList();
    }

    /** Amazon keeps two years; he was away for longer. */
    @Test
    void what_is_lost_is_told_once_by_the_fetch_that_can_not_read_it() {
        try (Stage stage = Stage.withSeller("EU", 12);
                BrokenAmazon amazon = new BrokenAmazon(request ->
                        BrokenAmazon.page("", BrokenAmazon.order("302-0000012-0000001", "2026-01-01T10:00:00Z")))) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.completed("FIRST_LOAD");
            Instant away = stage.clock.now().minus(Duration.ofDays(800)).truncatedTo(ChronoUnit.SECONDS);
            pool.preparedQuery("update coverage set origin = $2, read = '{}' where connection_id = $1")
                    .execute(io.vertx.mutiny.sqlclient.Tuple.of(stage.id, away.atOffset(java.time.ZoneOffset.UTC)))
                    .await()
                    .indefinitely();
            stage.renewed(2);
            Instant from = Stage.from(stage.completed("RENEWAL_GAP"));
            stage.awaitNewest("COMPLETED", "HISTORY_LOST");
            assertThat(Duration.between(from, stage.clock.now()))
                    .isBetween(
                            Duration.ofDays(729).minusMinutes(5),
                            Duration.ofDays(729).plusMinutes(5));
            assertThat(Instant.parse(stage.fetches().getString("fetches[0].lostFrom")))
                    .isEqualTo(away);
            assertThat(stage.fetches().getString("fetches[0].message")).contains("two years");

            stage.clock.advance(Duration.ofDays(1));
            planMine(stage);
            Instant next = Stage.from(stage.completed("DAILY"));
            assertThat(Duration.between(next, stage.clock.now())).isLessThan(Duration.ofDays(2));
            stage.awaitNewest("COMPLETED", null);
            assertThat(stage.fetches().getString("fetches[0].lostFrom")).isNull();
        }
    }

    @Test
    void a_marketplace_that_is_named_before_somebody_asks_for_yesterday_still_has_its_first_load() {
        try (Stage stage = Stage.withSeller("EU", 9)) {
            String germany = "A1PA6795UKMFR9";
            stage.authorized(List.of(germany));
            stage.completedInTime("FIRST_LOAD", QUOTA_STEP);
            named(stage, List.of(germany, "A13V1IB3VIYZZH"));
            stage.clock.advance(Duration.ofDays(2));
            Instant to = Stage.to(yesterday(stage));
            planMine(stage);
            ReceivedEvent completed = stage.completedInTime("DAILY", QUOTA_STEP);
            assertThat(Stage.from(completed)).isBefore(to.minus(Duration.ofDays(29)));
        }
    }

    @Test
    void a_marketplace_that_is_named_before_somebody_asks_for_yesterday_keeps_the_gap_of_all() {
        try (Stage stage = Stage.withSeller("EU", 10)) {
            stage.authorized(List.of());
            Instant covered = Stage.to(stage.completedInTime("FIRST_LOAD", QUOTA_STEP));
            named(stage, stage.seller.marketplaces());
            stage.clock.advance(Duration.ofDays(5));
            yesterday(stage);
            planMine(stage);
            ReceivedEvent completed = stage.completedInTime("DAILY", QUOTA_STEP);
            assertThat(Stage.from(completed)).isEqualTo(covered.minus(Duration.ofMinutes(15)));
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truthAfter(stage.seller, covered, Stage.to(completed)));
        }
    }

    @Test
    void a_marketplace_that_is_named_while_others_are_read_does_not_count_as_read() {
        try (Stage stage = Stage.withSeller("EU", 17)) {
            String germany = "A1PA6795UKMFR9";
            stage.grant.refuse("CONNECTION_SUSPECT");
            stage.authorized(List.of(germany));
            stage.awaitNewest("WAITING", "CONNECTION_SUSPECT");
            named(stage, List.of(germany, "A13V1IB3VIYZZH"));
            Stage.as("operator", stage.tenant)
                    .body("{\"connections\":[\"" + stage.id + "\"]}")
                    .post("/api/fetches")
                    .then()
                    .statusCode(202);
            assertThat(stage.fetches().getList("fetches.reason")).containsExactly("MANUAL", "FIRST_LOAD");
            stage.grant.refuse("");
            ReceivedEvent completed = stage.completedInTime("MANUAL", QUOTA_STEP);
            assertThat(Stage.from(completed)).isBefore(Stage.to(completed).minus(Duration.ofDays(29)));
        }
    }

    private void named(Stage stage, List<String> marketplaces) {
        stage.named(marketplaces);
        await().until(() -> slots(stage, "cardinality(marketplaces) = " + marketplaces.size()));
    }

    /** An operator has the last day read. */
    private static ReceivedEvent yesterday(Stage stage) {
        Stage.as("operator", stage.tenant)
                .body("{\"connections\":[\"%s\"],\"from\":\"%s\"}"
                        .formatted(stage.id, stage.clock.now().minus(Duration.ofDays(1))))
                .post("/api/fetches")
                .then()
                .statusCode(202);
        return stage.completedInTime("MANUAL", QUOTA_STEP);
    }

    @Test
    void an_advertiser_has_one_snapshot_a_day_and_another_after_a_renewal() {
        try (Stage stage = Stage.advertiser("EU", 8)) {
            List<String> open = stage.amazon.profiles(stage.seller);
            stage.authorized();
            stage.chosen(open.subList(0, 1));
            await().until(() -> isDue(stage));
            planMine(stage);
            assertThat(stage.completed("DAILY").data().path("profiles").asInt()).isEqualTo(1);
            planMine(stage);
            assertThat(stage.fetches().getList("fetches.reason")).containsExactly("DAILY");
            stage.clock.advance(Duration.ofDays(1));
            planMine(stage);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> stage.told("FetchCompleted").size() == 2);
            assertThat(stage.told("ProfileSnapshotTaken"))
                    .extracting(event -> event.data().path("profileId").asText())
                    .containsExactly(open.get(0), open.get(0));
            stage.expired(1);
            await().until(() -> !hasSlot(stage));
            stage.renewed(2);
            await().until(() -> hasSlot(stage));
            planMine(stage);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                            stage.fetches().getList("fetches.collect { it.reason + ' ' + it.state + ' ' + it.code }"))
                    .containsExactly("DAILY COMPLETED null", "DAILY COMPLETED null", "DAILY COMPLETED null"));
        }
    }

    @Test
    void an_imported_connection_begins_where_the_integrator_has_no_orders_and_waits_for_its_turn() {
        try (Stage stage = Stage.withSeller("EU", 6)) {
            Instant turn = stage.clock.now().plus(Duration.ofHours(2));
            setTurn(turn);
            Instant covered =
                    stage.clock.now().minus(Duration.ofDays(4)).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
            stage.imported(covered);
            await().until(() -> hasSlot(stage));
            assertThat(stage.fetches().getList("fetches.state")).containsExactly("WAITING");

            stage.clock.advance(Duration.ofHours(2).plusMinutes(1));
            ReceivedEvent completed = stage.completed("FIRST_LOAD");
            assertThat(Stage.from(completed)).isEqualTo(covered.minus(Duration.ofMinutes(15)));
            assertThat(stage.orderIds(Stage.fetchId(completed)))
                    .isEqualTo(stage.amazon.truthAfter(stage.seller, Stage.from(completed), Stage.to(completed)));
        } finally {
            setTurn(Instant.EPOCH);
        }
    }

    @Test
    void an_import_of_long_ago_tells_what_can_not_be_read_any_more() {
        try (Stage stage = Stage.withSeller("EU", 13);
                BrokenAmazon amazon = new BrokenAmazon(request ->
                        BrokenAmazon.page("", BrokenAmazon.order("302-0000013-0000001", "2026-01-01T10:00:00Z")))) {
            stage.grant.endpoint(amazon.url());
            Instant covered = stage.clock.now().minus(Duration.ofDays(1000)).truncatedTo(ChronoUnit.SECONDS);
            stage.imported(covered);
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", Duration.ofSeconds(1));
            assertThat(Duration.between(Stage.from(completed), stage.clock.now())
                            .toDays())
                    .isEqualTo(729);
            stage.awaitNewest("COMPLETED", "HISTORY_LOST");
            assertThat(Instant.parse(stage.fetches().getString("fetches[0].lostFrom")))
                    .isEqualTo(covered);
            assertThat(stage.dayAgo(900)).isEqualTo("FAILED HISTORY_LOST");
            assertThat(stage.dayAgo(1002)).isEqualTo("NONE null");
        }
    }

    @Test
    void a_renewal_does_not_wait_behind_the_import_that_had_not_read_its_connection_yet() {
        try (Stage stage = Stage.withSeller("EU", 14)) {
            setTurn(stage.clock.now().plus(Duration.ofHours(2)));
            Instant covered = stage.clock.now().minus(Duration.ofDays(4)).truncatedTo(ChronoUnit.SECONDS);
            stage.imported(covered);
            await().until(() -> hasSlot(stage));
            stage.expired(1);
            stage.awaitNewest("PARKED", "CONNECTION_EXPIRED");
            stage.renewed(2);
            ReceivedEvent completed = stage.completed("RENEWAL_GAP");
            assertThat(Stage.from(completed)).isEqualTo(covered.minus(Duration.ofMinutes(15)));
            assertThat(stage.fetches().getList("fetches.collect { it.reason + ' ' + it.state + ' ' + it.code }"))
                    .containsExactly("RENEWAL_GAP COMPLETED null", "FIRST_LOAD CANCELLED SUPERSEDED");
        } finally {
            setTurn(Instant.EPOCH);
        }
    }

    @Test
    void a_fetch_that_goes_on_years_after_it_was_planned_tells_what_it_can_not_read_any_more() {
        try (Stage stage = Stage.withSeller("EU", 15);
                BrokenAmazon amazon = new BrokenAmazon(request ->
                        BrokenAmazon.page("", BrokenAmazon.order("302-0000015-0000001", "2026-01-01T10:00:00Z")))) {
            stage.grant.endpoint(amazon.url());
            Instant begin = plannedDaysAgo(stage, 800, 10);
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", QUOTA_STEP);
            assertThat(Duration.between(Stage.from(completed), stage.clock.now())
                            .toDays())
                    .isEqualTo(729);
            stage.awaitNewest("COMPLETED", "HISTORY_LOST");
            assertThat(Instant.parse(stage.fetches().getString("fetches[0].lostFrom")))
                    .isEqualTo(begin);
            assertThat(stage.dayAgo(750)).isEqualTo("FAILED HISTORY_LOST");
            assertThat(stage.dayAgo(700)).isEqualTo("COMPLETE null");
        }
    }

    @Test
    void a_fetch_of_which_amazon_has_forgotten_everything_asks_for_nothing_and_says_so() {
        try (Stage stage = Stage.withSeller("EU", 16);
                BrokenAmazon amazon = new BrokenAmazon(request -> BrokenAmazon.page(""))) {
            stage.grant.endpoint(amazon.url());
            plannedDaysAgo(stage, 830, 800);
            await().pollInterval(Duration.ofMillis(300)).until(() -> {
                stage.clock.advance(QUOTA_STEP);
                return "FAILED".equals(stage.fetches().getString("fetches[0].state"));
            });
            assertThat(stage.fetches().getString("fetches[0].code")).isEqualTo("HISTORY_LOST");
            assertThat(amazon.requests()).isZero();
            assertThat(stage.dayAgo(815)).isEqualTo("FAILED HISTORY_LOST");
        }
    }

    /** As if the first load had been planned so long ago, for those days, and had waited ever since. */
    private Instant plannedDaysAgo(Stage stage, int from, int to) {
        stage.grant.refuse("CONNECTION_SUSPECT");
        stage.authorized();
        stage.awaitNewest("WAITING", "CONNECTION_SUSPECT");
        Instant begin = stage.clock.now().minus(Duration.ofDays(from)).truncatedTo(ChronoUnit.SECONDS);
        io.vertx.mutiny.sqlclient.Tuple values = io.vertx.mutiny.sqlclient.Tuple.of(
                stage.id,
                begin.atOffset(java.time.ZoneOffset.UTC),
                begin.plus(Duration.ofDays(from - to)).atOffset(java.time.ZoneOffset.UTC));
        pool.preparedQuery(
                        """
                        with origin as (update coverage set origin = $2 where connection_id = $1)
                        update fetch_job set window_from = $2, part_from = $2, window_to = $3, part_to = $3
                        where connection_id = $1
                        """)
                .execute(values)
                .await()
                .indefinitely();
        stage.grant.refuse("");
        return begin;
    }

    private void setTurn(Instant next) {
        pool.preparedQuery("update first_load_queue set next_at = $1")
                .execute(io.vertx.mutiny.sqlclient.Tuple.of(next.atOffset(java.time.ZoneOffset.UTC)))
                .await()
                .indefinitely();
    }

    @Test
    void an_expired_connection_has_no_daily_fetch() {
        try (Stage stage = Stage.withSeller("EU", 8)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            stage.expired(1);
            stage.renewed(2);
            stage.completed("RENEWAL_GAP");
            stage.revoked(2);
            await().until(() -> !hasSlot(stage));
            stage.clock.advance(Duration.ofDays(2));
            planAll(stage);
            assertThat(stage.fetches().getList("fetches.reason")).doesNotContain("DAILY");
        }
    }

    @Test
    void a_plan_that_is_never_answered_is_not_the_last() {
        try (MigratedDatabase database = new MigratedDatabase("daily_fetch")) {
            DailyFetch waiting =
                    new DailyFetch(database.pool(), views, planner, loop, outbox, new ShortPatience(), clock);
            database.hangOnce("connection_view", "new.next_daily_at <> old.next_daily_at");
            try {
                due(database);
                waiting.start(new StartupEvent(), vertx);
                await().until(() -> database.hanging() == 1);
                due(database);
                await().until(() ->
                        database.texts("select state from fetch_job").size() == 1);
                assertThat(database.hanging()).isEqualTo(1);
            } finally {
                waiting.stop(new ShutdownEvent());
                database.endOfHanging();
            }
        }
    }

    private record ShortPatience() implements DailyConfig {
        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public Duration tick() {
            return Duration.ofMillis(100);
        }

        @Override
        public int batch() {
            return 10;
        }

        @Override
        public Duration longestBatch() {
            return Duration.ofSeconds(3);
        }
    }

    private static void due(MigratedDatabase database) {
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence, next_daily_at)
                values (gen_random_uuid(), 't', '1', 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1, '2026-01-01Z')
                """);
    }

    @Test
    void slots_are_fixed_by_the_id_lie_ahead_and_spread_over_the_day() {
        Instant now = Instant.parse("2026-05-05T13:37:00Z");
        int[] hours = new int[24];
        for (int i = 0; i < 24_000; i++) {
            UUID id = UUID.randomUUID();
            Instant slot = DailySlot.after(now, id);
            assertThat(slot).isAfter(now).isBeforeOrEqualTo(now.plus(Duration.ofDays(1)));
            assertThat(DailySlot.after(slot, id)).isEqualTo(slot.plus(Duration.ofDays(1)));
            hours[slot.atOffset(java.time.ZoneOffset.UTC).getHour()]++;
        }
        assertThat(java.util.Arrays.stream(hours).boxed()).allMatch(count -> count > 800 && count < 1200);
    }

    private boolean isDue(Stage stage) {
        return slots(stage, "next_daily_at <= '" + stage.clock.now() + "'");
    }

    private boolean hasSlot(Stage stage) {
        return slots(stage, "next_daily_at is not null");
    }

    private boolean slots(Stage stage, String what) {
        return pool.preparedQuery("select 1 from connection_view where connection_id = $1 and " + what)
                        .execute(io.vertx.mutiny.sqlclient.Tuple.of(stage.id))
                        .await()
                        .indefinitely()
                        .size()
                == 1;
    }

    /** As {@link #planAll}, but what other tests have left behind stays as it is. */
    private void planMine(Stage stage) {
        pool.preparedQuery("update connection_view set next_daily_at = null where connection_id <> $1")
                .execute(io.vertx.mutiny.sqlclient.Tuple.of(stage.id))
                .await()
                .indefinitely();
        planAll(stage);
    }

    private void planAll(Stage stage) {
        int planned;
        do {
            planned = pool.withTransaction(tx -> daily.planDue(tx, stage.clock.now()))
                    .await()
                    .indefinitely();
        } while (planned > 0);
        outbox.wake();
        loop.wake();
    }
}
