package io.perennial.fetch.backfill;

import static io.perennial.fetch.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.greaterThan;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.OrderFetched;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenRevoked;
import io.perennial.contracts.Topics;
import io.perennial.fetch.FetchService;
import io.perennial.fetch.Stage;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.loadstatus.LoadMonths;
import io.perennial.fetch.orders.OrdersConfig;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderTime;
import io.perennial.fetch.orders.SellerOrder;
import io.perennial.fetch.quota.Operation;
import io.perennial.fetch.quota.QuotaConfig;
import io.perennial.fetch.report.ReportsConfig;
import io.perennial.fetch.watermark.CoverageStore;
import io.perennial.fetch.watermark.GapConfig;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** From the event that tells of a consent or renewal to the last order, against the sandbox. */
@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class FetchJourneyTest {
    private static final Duration QUOTA_STEP = Duration.ofSeconds(61);

    @Inject
    Pool pool;

    @Inject
    CoverageStore coverage;

    @Inject
    ConnectionViews views;

    @Inject
    FetchClaims claims;

    @Inject
    PageStore pages;

    @Inject
    MeterRegistry meters;

    @Inject
    FetchJobs jobs;

    @Inject
    LoadMonths months;

    @Inject
    FetchEvents events;

    @Inject
    ProviderTime providerTime;

    @Inject
    BackfillConfig backfill;

    @Inject
    OrdersConfig orders;

    @Inject
    QuotaConfig quota;

    @Inject
    ReportsConfig reports;

    @Inject
    DomainClock clock;

    @Inject
    TimeOrderedIds ids;

    @Inject
    FetchLoop loop;

    @Test
    void the_first_load_publishes_exactly_the_orders_of_thirty_days() {
        try (Stage stage = Stage.withSeller("EU", 0)) {
            stage.authorized();
            ReceivedEvent completed = stage.completed("FIRST_LOAD");

            Instant from = Stage.from(completed);
            Instant to = Stage.to(completed);
            assertThat(Duration.between(from, to)).isEqualTo(Duration.ofDays(30).minusMinutes(3));
            Set<String> truth = stage.amazon.truth(stage.seller, from, to);
            assertThat(truth).isNotEmpty();
            assertThat(stage.orderIds()).isEqualTo(truth);
            assertThat(stage.orders()).hasSameSizeAs(truth).allSatisfy(order -> {
                assertThat(order.data().path("change").asText()).isEqualTo("NEW");
                assertThat(order.key())
                        .isEqualTo(stage.id + ":" + order.data().path("orderId").asText());
                assertThat(order.data().has("buyer")).isFalse();
            });
            assertThat(stage.told("FetchRequested")).hasSize(1);
            assertThat(stage.told("FetchStarted")).hasSize(1);
            assertThat(stage.told("FetchProgressed")).isNotEmpty();
            assertThat(completed.data().path("ordersNew").asInt()).isEqualTo(truth.size());
            assertThat(completed.data().at("/sampleOrder/orderId").asText())
                    .as("evidence of whose account it is")
                    .isIn(truth);
            assertThat(stage.amazon.calls(stage.seller, stage.app.id())).doesNotContainKey(429);
        }
    }

    @Test
    void events_of_a_connection_carry_growing_sequences() {
        try (Stage stage = Stage.withSeller("EU", 1)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            List<Long> sequences = stage.events.upToNow().stream()
                    .filter(event -> event.topic().equals("perennial.fetches.v1"))
                    .filter(event -> event.connectionId().equals(stage.id.toString()))
                    .map(event -> Long.parseLong(event.headers().get("ce_sequence")))
                    .toList();
            assertThat(sequences).hasSizeGreaterThan(3).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void a_renewal_fetches_exactly_what_was_missed() {
        try (Stage stage = Stage.withSeller("EU", 2)) {
            stage.authorized();
            Instant covered = Stage.to(stage.completed("FIRST_LOAD"));
            stage.expired(1);
            stage.clock.advance(Duration.ofDays(12));
            stage.renewed(2);

            ReceivedEvent completed = stage.completed("RENEWAL_GAP");
            assertThat(Stage.from(completed)).isEqualTo(covered.minus(Duration.ofMinutes(15)));
            Set<String> missed = stage.amazon.truthAfter(stage.seller, covered, Stage.to(completed));
            assertThat(missed).isNotEmpty();
            assertThat(stage.orderIds(Stage.fetchId(completed))).isEqualTo(missed);
            assertThat(stage.orders(Stage.fetchId(completed))).hasSameSizeAs(missed);
            assertThat(watermark(stage)).isEqualTo(Stage.to(completed));
        }
    }

    @Test
    void a_fetch_is_parked_once_while_the_authorization_is_gone_and_goes_on_where_it_stood() {
        try (Stage stage = Stage.withSeller("EU", 3)) {
            Instant now = stage.clock.now();
            stage.amazon.injectOrders(stage.seller, 230, now.minus(Duration.ofDays(20)), now.minus(Duration.ofDays(1)));
            stage.authorized();
            stage.awaitPages(20);
            stage.expired(1);
            stage.awaitNewest("PARKED", "CONNECTION_EXPIRED");
            stage.expired(1);
            stage.clock.advance(Duration.ofHours(2));
            stage.renewed(2);

            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", QUOTA_STEP);
            stage.completedInTime("RENEWAL_GAP", QUOTA_STEP);
            assertThat(stage.told("FetchParked")).hasSize(1);
            assertThat(stage.told("FetchStarted")).hasSize(2);
            assertThat(stage.amazon.calls(stage.seller, stage.app.id()))
                    .as("an access token lives an hour; it is replaced before it ends")
                    .doesNotContainKey(403);
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
            assertPublishedOnce(stage);
            assertThat(stage.amazon.calls(stage.seller, stage.app.id())).doesNotContainKey(429);
        }
    }

    @Test
    void a_dead_page_token_begins_its_query_again_silently() {
        try (Stage stage = Stage.withSeller("EU", 4)) {
            Instant now = stage.clock.now();
            stage.amazon.injectOrders(stage.seller, 150, now.minus(Duration.ofDays(20)), now.minus(Duration.ofDays(1)));
            stage.authorized();
            stage.awaitPages(20);
            stage.clock.advance(Duration.ofHours(25));

            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", QUOTA_STEP);
            assertThat(stage.amazon.calls(stage.seller, stage.app.id())).containsEntry(400, 1L);
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
            assertPublishedOnce(stage);
        }
    }

    @Test
    void a_window_with_more_orders_than_page_tokens_last_for_is_read_in_parts() {
        try (Stage stage = Stage.withSeller("EU", 20)) {
            Instant now = stage.clock.now();
            stage.amazon.injectOrders(stage.seller, 140, now.minus(Duration.ofDays(29)), now.minus(Duration.ofDays(1)));
            stage.authorized();
            Instant from = Stage.from(stage.completedInTime("FIRST_LOAD", QUOTA_STEP));
            stage.clock.advance(Duration.ofHours(1));
            String id = Stage.as("operator", stage.tenant)
                    .body("{\"connections\":[\"%s\"],\"from\":\"%s\"}".formatted(stage.id, from))
                    .post("/api/fetches")
                    .then()
                    .statusCode(202)
                    .body("fetches[0].pagesEstimated", greaterThan(20))
                    .extract()
                    .path("fetches[0].id");
            ReceivedEvent completed = stage.completedInTime("MANUAL", QUOTA_STEP);
            assertThat(completed.data().path("ordersUnchanged").asInt()).isGreaterThanOrEqualTo(140);
            assertThat(Stage.from(completed)).isEqualTo(from);
            assertThat(texts("select (part_from > window_from)::text from fetch_job where id = $1", id))
                    .containsExactly("true");
            assertPublishedOnce(stage);
        }
    }

    private List<String> texts(String sql, String id) {
        List<String> texts = new java.util.ArrayList<>();
        pool.preparedQuery(sql)
                .execute(Tuple.of(java.util.UUID.fromString(id)))
                .await()
                .indefinitely()
                .forEach(row -> texts.add(row.getString(0)));
        return texts;
    }

    @Test
    void a_429_waits_for_the_quota_and_loses_nothing() {
        try (Stage stage = Stage.withSeller("EU", 5)) {
            stage.amazon.faults("[{\"operation\":\"searchOrders\",\"kind\":\"429\"}]");
            stage.authorized();
            stage.awaitNewest("RUNNING", "THROTTLED");
            stage.amazon.faults("[]");
            stage.clock.advance(Duration.ofHours(1));
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", QUOTA_STEP);
            assertThat(stage.orderIds())
                    .isEqualTo(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
        }
    }

    @Test
    void a_fetch_whose_holder_died_is_taken_over_and_nothing_is_published_twice() {
        try (Stage stage = Stage.withSeller("EU", 6)) {
            Instant now = stage.clock.now();
            stage.amazon.injectOrders(stage.seller, 150, now.minus(Duration.ofDays(20)), now.minus(Duration.ofDays(1)));
            stage.authorized();
            stage.awaitPages(20);
            // As a killed process leaves it: leased by nobody that lives, a page token stored, due.
            execute(
                    """
                    update fetch_job set lease_owner = gen_random_uuid(), lease_epoch = lease_epoch + 1,
                        lease_until = clock_timestamp() + interval '2 seconds', next_attempt_at = requested_at
                    where connection_id = $1
                    """,
                    stage);
            stage.completedInTime("FIRST_LOAD", QUOTA_STEP);
            assertThat(stage.told("FetchStarted")).hasSize(1);
            assertPublishedOnce(stage);
        }
    }

    @Test
    void a_database_that_goes_away_in_the_middle_costs_nothing() {
        try (Stage stage = Stage.withSeller("EU", 7)) {
            Instant now = stage.clock.now();
            stage.amazon.injectOrders(stage.seller, 120, now.minus(Duration.ofDays(20)), now.minus(Duration.ofDays(1)));
            stage.authorized();
            stage.awaitPages(3);
            execute(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid() and $1::uuid is not null
                    """,
                    stage);
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", QUOTA_STEP);
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
            assertPublishedOnce(stage);
        }
    }

    @Test
    void a_late_event_of_a_lower_generation_has_no_effect() {
        try (Stage stage = Stage.withSeller("EU", 8)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            stage.renewed(2);
            stage.completed("RENEWAL_GAP");
            stage.expired(1);
            stage.renewed(3);
            await().until(() -> stage.told("FetchCompleted").size() == 3);
            assertThat(stage.told("FetchParked")).isEmpty();
            assertThat(view(stage)).isEqualTo("ACTIVE 3");
        }
    }

    @Test
    void the_same_event_twice_causes_one_fetch() {
        try (Stage stage = Stage.withSeller("NA", 4)) {
            stage.publish(stage.authorized());
            stage.completed("FIRST_LOAD");
            stage.renewed(2);
            stage.completed("RENEWAL_GAP");
            assertThat(stage.told("FetchRequested")).hasSize(2);
        }
    }

    @Test
    void an_unreadable_event_goes_to_the_dead_letters_and_the_next_one_is_handled() {
        try (Stage stage = Stage.withSeller("NA", 0);
                io.perennial.testsupport.Events dead = io.perennial.testsupport.Events.fromNow(
                        io.perennial.testsupport.PerennialKafka.shared().bootstrapServers(),
                        "perennial.connections.v1.fetch-orchestrator.dlq")) {
            stage.publishGarbage();
            stage.authorized();
            stage.completed("FIRST_LOAD");
            dead.await("dead letter", event -> stage.id.toString().equals(event.key()));
        }
    }

    @Test
    void events_that_can_not_be_true_go_to_the_dead_letters_and_the_connection_stays_as_it_is() {
        try (Stage stage = Stage.withSeller("NA", 5);
                io.perennial.testsupport.Events dead = io.perennial.testsupport.Events.fromNow(
                        io.perennial.testsupport.PerennialKafka.shared().bootstrapServers(),
                        "perennial.connections.v1.fetch-orchestrator.dlq")) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            ConnectionRef own = stage.about(1);
            ConnectionRef foreign = new ConnectionRef(
                    "thief", own.connectionId(), own.externalId(), own.provider(), own.region(), 2, own.occurredAt());
            stage.tell(new TokenRevoked(foreign, own.occurredAt(), null));
            stage.named(List.of("A1PA6795UKMFR9\0"));
            stage.tell(new TokenExpired(own, Instant.parse("+1000000-01-01T00:00:00Z")));
            stage.renewed(2);

            stage.completed("RENEWAL_GAP");
            assertThat(dead.awaitCount(
                            3, "dead letters", event -> stage.id.toString().equals(event.key())))
                    .extracting(event -> event.headers().get("dead-letter-reason"))
                    .containsExactlyInAnyOrder("OTHER_TENANT", "UNUSABLE_TEXT", "IMPOSSIBLE_TIME");
            assertThat(stage.told("FetchParked")).isEmpty();
            assertThat(view(stage)).isEqualTo("ACTIVE 2");
        }
    }

    @Test
    void a_refused_grant_waits_and_goes_on_by_itself() {
        try (Stage stage = Stage.withSeller("NA", 1)) {
            stage.grant.refuse("CONNECTION_SUSPECT");
            stage.authorized();
            stage.awaitNewest("WAITING", "CONNECTION_SUSPECT");
            stage.grant.refuse("");
            stage.completedInTime("FIRST_LOAD", Duration.ofSeconds(20));
            assertThat(stage.told("FetchParked")).isEmpty();
        }
    }

    @Test
    void an_unread_fetch_is_superseded_by_the_gap_of_the_renewal() {
        try (Stage stage = Stage.withSeller("NA", 2)) {
            stage.authorized();
            Instant covered = Stage.to(stage.completed("FIRST_LOAD"));
            stage.grant.refuse("CONNECTION_SUSPECT");
            stage.clock.advance(Duration.ofDays(3));
            stage.renewed(2);
            stage.awaitNewest("WAITING", "CONNECTION_SUSPECT");
            stage.expired(2);
            stage.awaitNewest("PARKED", "CONNECTION_EXPIRED");
            stage.clock.advance(Duration.ofDays(3));
            stage.grant.refuse("");
            stage.renewed(3);
            ReceivedEvent completed = stage.completed("RENEWAL_GAP");
            assertThat(stage.orderIds(Stage.fetchId(completed)))
                    .isEqualTo(stage.amazon.truthAfter(stage.seller, covered, Stage.to(completed)));
            assertThat(stage.fetches().getList("fetches.state")).containsExactly("COMPLETED", "CANCELLED", "COMPLETED");
        }
    }

    @Test
    void a_daily_fetch_reads_the_last_day_again_where_that_is_configured() {
        try (Stage stage = Stage.withSeller("NA", 11)) {
            Instant now = stage.clock.now();
            stage.amazon.injectOrders(stage.seller, 5, now.minus(Duration.ofHours(20)), now.minus(Duration.ofHours(2)));
            stage.authorized();
            stage.completed("FIRST_LOAD");
            GapConfig sweeping = PolicyTest.config(GapConfig.class, Map.of("perennial.gap.sweep", "P1D"));
            FetchPlanner planner = new FetchPlanner(
                    jobs,
                    coverage,
                    months,
                    events,
                    sweeping,
                    providerTime,
                    backfill,
                    orders,
                    quota,
                    reports,
                    clock,
                    ids);
            pool.withTransaction(tx -> views.lock(tx, List.of(stage.id))
                            .chain(locked -> planner.planGaps(tx, locked, FetchReason.DAILY, clock.instant())))
                    .await()
                    .indefinitely();
            loop.wake();
            ReceivedEvent completed = stage.completedInTime("DAILY", QUOTA_STEP);
            assertThat(Duration.between(Stage.from(completed), Stage.to(completed)))
                    .isEqualTo(Duration.ofDays(1));
            assertThat(completed.data().path("ordersUnchanged").asInt()).isGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void the_time_from_renewal_to_the_first_page_is_measured() {
        try (Stage stage = Stage.withSeller("NA", 3)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            stage.renewed(2);
            stage.completed("RENEWAL_GAP");
            assertThat(meters.get("perennial.fetch.renewal.to.first.page")
                            .timer()
                            .count())
                    .isPositive();
            assertThat(meters.get("perennial.fetch.pages").counter().count()).isPositive();
            assertThat(meters.get("perennial.fetch.orders")
                            .tag("change", "NEW")
                            .counter()
                            .count())
                    .isPositive();
            for (String name : List.of("jobs", "watermark.lag.seconds", "quota.waits", "throttled", "oldest.due")) {
                assertThat(meters.find("perennial.fetch." + name).meters()).isNotEmpty();
            }
        }
    }

    @Test
    void after_a_renewal_the_fetch_says_whether_order_changes_are_still_announced() {
        try (Stage stage = Stage.withSeller("NA", 10)) {
            stage.authorized();
            assertThat(stage.completed("FIRST_LOAD").data().has("orderChangeSubscription"))
                    .isFalse();
            stage.amazon.orderChanges(stage.seller, stage.app, true);
            assertThat(renewed(stage, 2)).isEqualTo("STANDS");
            assertThat(stage.fetches().getString("fetches[0].orderChangeSubscription.state"))
                    .isEqualTo("STANDS");
            stage.amazon.orderChanges(stage.seller, stage.app, false);
            assertThat(renewed(stage, 3)).isEqualTo("MISSING");
            stage.amazon.faults("[{\"operation\":\"getSubscription\",\"kind\":\"latency\",\"latencyMs\":6000}]");
            assertThat(renewed(stage, 4)).as("the fetch does not wait for it").isEqualTo("UNKNOWN PROVIDER_TIMEOUT");
            stage.amazon.faults("[{\"operation\":\"getSubscription\",\"kind\":\"429\"}]");
            assertThat(renewed(stage, 5)).isEqualTo("UNKNOWN THROTTLED");
            assertThat(stage.fetches().getString("fetches[0].orderChangeSubscription.reason"))
                    .isEqualTo("THROTTLED");
            await().untilAsserted(() -> assertThat(stage.amazon.answers(stage.seller, "getSubscription"))
                    .isEqualTo(Map.of(200, 1L, 404, 2L)));
        }
    }

    /** What the fetch after a renewal tells of the subscription. */
    private static String renewed(Stage stage, int generation) {
        stage.renewed(generation);
        ReceivedEvent completed = stage.events.await(
                "FetchCompleted of generation " + generation,
                event -> event.type().equals("FetchCompleted")
                        && event.connectionId().equals(stage.id.toString())
                        && event.data().path("generation").asInt() == generation);
        assertThat(completed.data().path("reason").asText()).isEqualTo("RENEWAL_GAP");
        return (completed.data().at("/orderChangeSubscription/state").asText() + " "
                        + completed.data().at("/orderChangeSubscription/reason").asText())
                .strip();
    }

    @Test
    void a_page_that_arrives_after_the_connection_was_given_up_revives_nothing() {
        try (Stage stage = Stage.withSeller("NA", 9)) {
            stage.grant.refuse("CONNECTION_SUSPECT");
            stage.authorized();
            stage.awaitNewest("WAITING", "CONNECTION_SUSPECT");
            FetchJob job = leased(stage);
            assertThat(pages.begin(job, stage.app.id(), new Operation("searchOrders", 20, Duration.ofSeconds(180)))
                            .await()
                            .indefinitely())
                    .isTrue();
            StepOutcome first = pages.store(job, page("next", "302-0000009-0000001"))
                    .await()
                    .indefinitely();
            assertThat(first).isInstanceOf(StepOutcome.More.class);

            stage.tell(new ConnectionDisconnected(stage.about(1)));
            stage.events.await("the tombstone", event -> event.value() == null && key(stage, event));
            await().until(() -> count(stage, "erasure", "completed_at is not null") == 1);
            StepOutcome late = pages.store(((StepOutcome.More) first).next(), page(null, "302-0000009-0000002"))
                    .await()
                    .indefinitely();

            assertThat(late).isInstanceOf(StepOutcome.Lost.class);
            assertThat(count(stage, "order_digest", "true")).isZero();
            assertThat(stage.events.upToNow())
                    .filteredOn(event -> event.topic().equals(Topics.ORDERS) && key(stage, event))
                    .extracting(event -> event.value() == null)
                    .containsExactly(false, true);
        }
    }

    @Test
    void what_changes_a_fetch_finds_its_rows_by_keys_and_is_not_planned_each_time() {
        try (Stage stage = Stage.withSeller("NA", 9)) {
            stage.grant.refuse("CONNECTION_SUSPECT");
            stage.authorized();
            stage.awaitNewest("WAITING", "CONNECTION_SUSPECT");
            List<String> settings = new ArrayList<>();

            pages.held(leased(stage), (tx, view) -> tx.query(
                                    "select current_setting('plan_cache_mode'), current_setting('enable_seqscan')")
                            .execute()
                            .invoke(rows ->
                                    rows.forEach(row -> settings.addAll(List.of(row.getString(0), row.getString(1)))))
                            .replaceWith(new StepOutcome.Lost()))
                    .await()
                    .indefinitely();

            assertThat(settings).containsExactly("auto", "off");
        }
    }

    /** The connection's fetch, in nobody's hands but ours. */
    private FetchJob leased(Stage stage) {
        execute(
                "update fetch_job set next_attempt_at = next_attempt_at + interval '1 day' where connection_id = $1",
                stage);
        UUID id = UUID.fromString(stage.fetches().getString("fetches[0].id"));
        DueFetch due = new DueFetch(id, stage.id, stage.tenant, FetchPriority.ROUTINE);
        return claims.claim(List.of(due), stage.clock.now().plus(Duration.ofDays(2)), Duration.ofMinutes(1))
                .await()
                .indefinitely()
                .get(0);
    }

    private static ProviderAnswer.Page page(String next, String order) {
        Instant time = Instant.parse("2026-01-01T10:00:00Z");
        SellerOrder read = new SellerOrder(order, "ATVPDKIKX0DER", time, time, "SHIPPED", "AMAZON", List.of(), null);
        return new ProviderAnswer.Page(List.of(read), List.of(), next, null);
    }

    private static boolean key(Stage stage, ReceivedEvent event) {
        return String.valueOf(event.key()).startsWith(stage.id + ":");
    }

    private long count(Stage stage, String table, String what) {
        return pool.preparedQuery("select count(*) from " + table + " where connection_id = $1 and " + what)
                .execute(Tuple.of(stage.id))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    /** Each order once per content: twice only if it changed meanwhile. */
    private static void assertPublishedOnce(Stage stage) {
        List<Map.Entry<String, String>> states = stage.orders().stream()
                .map(event -> Map.entry(
                        event.data().path("orderId").asText(),
                        event.data().path("updatedAt").asText()))
                .toList();
        assertThat(states).doesNotHaveDuplicates().as(OrderFetched.class.getSimpleName());
    }

    private void execute(String sql, Stage stage) {
        pool.preparedQuery(sql).execute(Tuple.of(stage.id)).await().indefinitely();
    }

    private Instant watermark(Stage stage) {
        return pool.withTransaction(tx -> coverage.find(tx, List.of(stage.id)))
                .await()
                .indefinitely()
                .get(stage.id)
                .values()
                .iterator()
                .next()
                .watermark();
    }

    private String view(Stage stage) {
        return pool.withTransaction(tx -> views.lock(tx, List.of(stage.id)))
                .map(found -> found.get(0).state() + " " + found.get(0).generation())
                .await()
                .indefinitely();
    }
}
