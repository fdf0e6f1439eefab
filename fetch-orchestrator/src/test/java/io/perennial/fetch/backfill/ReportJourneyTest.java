package io.perennial.fetch.backfill;

import static io.perennial.fetch.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.FetchService;
import io.perennial.fetch.Stage;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sellers of whom it is known that they sell much are read from reports, against the sandbox. */
@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class ReportJourneyTest {
    /** More than one look at a report, and less than the life of a link. */
    private static final Duration STEP = Duration.ofSeconds(61);

    @Inject
    Pool pool;

    @Test
    void orders_of_a_report_are_those_of_a_search_and_a_search_that_follows_is_silent() {
        try (Stage stage = Stage.withSeller("EU", 21)) {
            sellsMuch(stage);
            stage.authorized();
            Set<String> before = truthOfAMonth(stage);
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", STEP);

            Set<String> read = stage.orderIds();
            assertThat(before).hasSizeGreaterThan(100).containsAll(read);
            assertThat(read).containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
            assertThat(stage.orders())
                    .allSatisfy(order -> assertThat(order.data().toString()).doesNotContain("Sandville"));
            assertThat(calls(stage, "createReport")).isEqualTo(Map.of(202, 1L));
            assertThat(calls(stage, "downloadReport")).isEqualTo(Map.of(200, 1L));
            assertThat(calls(stage, "getReport")).containsOnlyKeys(200);
            assertThat(calls(stage, "searchOrders")).isEmpty();
            assertThat(watermark(stage)).isEqualTo(Stage.to(completed));
            JsonPath fetch = stage.fetches();
            assertThat(fetch.getString("fetches[0].strategy")).isEqualTo("REPORT");
            assertThat(fetch.getString("fetches[0].strategyReason")).isEqualTo("REPORT_SOONER");
            assertThat(fetch.getString("fetches[0].strategyMessage")).contains("Estimated: pages ");
            assertThat(fetch.getString("fetches[0].code")).isNull();
            assertThat(stage.told("FetchStarted").get(0).data().path("strategy").asText())
                    .isEqualTo("REPORT");

            execute("delete from load_month where connection_id = $1", stage);
            request(stage, Stage.from(completed));
            ReceivedEvent again = stage.completedInTime("MANUAL", STEP);
            assertThat(stage.fetches().getString("fetches[0].strategy")).isEqualTo("SEARCH");
            assertThat(calls(stage, "searchOrders")).containsKey(200);
            assertThat(stage.orders(Stage.fetchId(again)))
                    .as("only what has happened since")
                    .allSatisfy(order -> assertThat(
                                    Instant.parse(order.data().path("updatedAt").asText()))
                            .isAfter(Stage.to(completed)));
            assertThat(again.data().path("ordersUnchanged").asInt()).isGreaterThan(100);
            assertPublishedOnce(stage);
        }
    }

    @Test
    void a_long_gap_is_read_in_reports_of_thirty_days_each_ordered_once_whoever_dies() {
        try (Stage stage = Stage.withSeller("EU", 22)) {
            Instant covered = stage.clock.now().minus(Duration.ofDays(75));
            sellsMuch(stage);
            stage.imported(covered);
            killed(stage, "report_id is not null");
            // It stays at its document until the killing is done.
            stage.amazon.faults("[{\"operation\":\"downloadReport\",\"kind\":\"expired-link\"}]");
            killed(stage, "report_document is not null");
            stage.amazon.faults("[]");
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", STEP);

            assertThat(calls(stage, "createReport")).isEqualTo(Map.of(202, 3L));
            assertThat(calls(stage, "searchOrders")).isEmpty();
            assertThat(completed.data().path("pages").asInt()).isEqualTo(3);
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
            assertThat(watermark(stage)).isEqualTo(Stage.to(completed));
            assertPublishedOnce(stage);
            assertThat(stage.told("FetchStarted")).hasSize(1);
        }
    }

    @Test
    void what_was_known_of_a_seller_before_he_was_away_for_months_still_counts() {
        try (Stage stage = Stage.withSeller("EU", 28)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            execute("update load_month set orders = array_fill(100, array[31]) where connection_id = $1", stage);
            stage.expired(1);
            stage.clock.advance(Duration.ofDays(120));
            stage.grant.refuse("CONNECTION_SUSPECT");
            stage.renewed(2);
            stage.awaitNewest("WAITING", "CONNECTION_SUSPECT");
            assertThat(stage.fetches().getString("fetches[0].strategyReason")).isEqualTo("REPORT_SOONER");
            stage.revoked(2);
            stage.awaitNewest("PARKED", "CONNECTION_REVOKED");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "23, downloadReport, gzip-bomb, REPORT_TOO_LARGE, createReport, 202, 3",
        "24, createReport, fatal-report, REPORT_FATAL, createReport, 202, 3",
        // After each of the six refusals but the last it is looked for what was ordered.
        "29, createReport, 429, REPORT_THROTTLED, getReports, 200, 5"
    })
    void where_reports_come_to_nothing_pages_are_read_and_the_cause_is_told(
            int seller, String operation, String kind, String reason, String called, int status, long times) {
        try (Stage stage = Stage.withSeller("EU", seller)) {
            sellsMuch(stage);
            stage.amazon.faults("[{\"operation\":\"%s\",\"kind\":\"%s\"}]".formatted(operation, kind));
            stage.authorized();
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", Duration.ofMinutes(5));

            JsonPath fetch = stage.fetches();
            assertThat(fetch.getString("fetches[0].strategy")).isEqualTo("SEARCH");
            assertThat(fetch.getString("fetches[0].strategyReason")).isEqualTo(reason);
            assertThat(fetch.getString("fetches[0].strategyMessage")).endsWith("are read page by page instead.");
            assertThat(calls(stage, called)).isEqualTo(Map.of(status, times));
            assertThat(calls(stage, "searchOrders")).containsKey(200);
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
            assertPublishedOnce(stage);
        }
    }

    @Test
    void a_cancelled_report_is_no_proof_that_there_was_nothing() {
        try (Stage stage = Stage.withSeller("EU", 25)) {
            sellsMuch(stage);
            stage.amazon.faults("[{\"operation\":\"createReport\",\"kind\":\"cancelled-report\"}]");
            stage.authorized();
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", STEP);
            assertThat(calls(stage, "createReport")).isEqualTo(Map.of(202, 1L));
            assertThat(calls(stage, "searchOrders")).containsKey(200);
            assertThat(stage.fetches().getString("fetches[0].strategy")).isEqualTo("REPORT");
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
        }
    }

    @Test
    void a_dead_link_is_asked_for_anew_and_the_report_stays_the_same() {
        try (Stage stage = Stage.withSeller("EU", 26)) {
            sellsMuch(stage);
            stage.amazon.faults("[{\"operation\":\"downloadReport\",\"kind\":\"expired-link\"}]");
            stage.authorized();
            awaitRow(stage, "code = 'REPORT_LINK_DEAD'", STEP);
            stage.amazon.faults("[]");
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", STEP);
            assertThat(calls(stage, "createReport")).isEqualTo(Map.of(202, 1L));
            assertThat(calls(stage, "getReportDocument").get(200)).isGreaterThan(1);
            assertThat(calls(stage, "searchOrders")).isEmpty();
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
        }
    }

    @Test
    void broken_lines_are_set_aside_with_their_orders_and_all_others_are_published() {
        try (Stage stage = Stage.withSeller("EU", 27)) {
            sellsMuch(stage);
            stage.amazon.faults("[{\"operation\":\"downloadReport\",\"kind\":\"broken-lines\"}]");
            stage.authorized();
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", STEP);
            stage.awaitNewest("COMPLETED", "ORDERS_SET_ASIDE");
            Set<String> all = new TreeSet<>(stage.orderIds());
            List<String> aside = setAside(stage);
            assertThat(aside).hasSizeGreaterThan(20).doesNotContainAnyElementsOf(all);
            assertThat(stage.fetches().getInt("fetches[0].ordersSetAside")).isEqualTo(aside.size());
            all.addAll(aside);
            assertThat(all).containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
        }
    }

    /** As if he had been read for months: a hundred orders a day are known of him. In truth he has a few hundred in all. */
    private void sellsMuch(Stage stage) {
        Instant now = stage.clock.now();
        stage.amazon.injectOrders(stage.seller, 100, now.minus(Duration.ofDays(29)), now.minus(Duration.ofDays(1)));
        LocalDate month = now.atOffset(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
        Integer[] hundreds = new Integer[31];
        Arrays.fill(hundreds, 100);
        pool.preparedQuery("insert into load_month (connection_id, month, tenant_id, orders) values ($1, $2, $3, $4)")
                .execute(Tuple.of(stage.id, month, stage.tenant, hundreds))
                .await()
                .indefinitely();
    }

    private static Set<String> truthOfAMonth(Stage stage) {
        Instant now = stage.clock.now();
        return stage.amazon.truth(stage.seller, now.minus(Duration.ofDays(31)), now);
    }

    @Test
    void a_report_whose_number_never_arrived_is_found_instead_of_ordered_again() {
        try (Stage stage = Stage.withSeller("NA", 11)) {
            sellsMuch(stage);
            stage.amazon.faults("[{\"operation\":\"createReport\",\"kind\":\"lost-reply\"}]");
            stage.authorized();
            ReceivedEvent completed = stage.completedInTime("FIRST_LOAD", STEP);

            assertThat(calls(stage, "createReport")).isEqualTo(Map.of(202, 1L));
            assertThat(calls(stage, "getReports")).isEqualTo(Map.of(200, 1L));
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
        }
    }

    @Test
    void a_report_that_amazon_has_never_heard_of_is_ordered_again() {
        try (Stage stage = Stage.withSeller("NA", 12)) {
            sellsMuch(stage);
            stage.amazon.faults("[{\"operation\":\"createReport\",\"kind\":\"500\"}]");
            stage.authorized();
            awaitRow(stage, "'getReports' = any(asked)", Duration.ofSeconds(3));
            stage.amazon.faults("[]");
            stage.completedInTime("FIRST_LOAD", STEP);

            assertThat(calls(stage, "createReport")).containsEntry(202, 1L);
            assertThat(calls(stage, "getReports")).containsOnlyKeys(200);
        }
    }

    private static void request(Stage stage, Instant from) {
        Stage.as("operator", stage.tenant)
                .body("{\"connections\":[\"%s\"],\"from\":\"%s\"}".formatted(stage.id, from))
                .post("/api/fetches")
                .then()
                .statusCode(202);
    }

    private static Map<Integer, Long> calls(Stage stage, String operation) {
        return stage.amazon.answers(stage.seller, operation);
    }

    /** As a killed process leaves its fetch, once it stands there: leased by nobody that lives, due. */
    private void killed(Stage stage, String standing) {
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            int killed = execute(
                    """
                    update fetch_job set lease_owner = gen_random_uuid(), lease_epoch = lease_epoch + 1,
                        lease_until = clock_timestamp() + interval '1 second', next_attempt_at = requested_at
                    where connection_id = $1 and next_attempt_at is not null and """
                            + " " + standing,
                    stage);
            if (killed == 0) {
                stage.clock.advance(STEP);
            }
            return killed == 1;
        });
    }

    private void awaitRow(Stage stage, String condition, Duration step) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    boolean there =
                            count("select count(*) from fetch_job where connection_id = $1 and " + condition, stage)
                                    > 0;
                    if (!there) {
                        stage.clock.advance(step);
                    }
                    return there;
                });
    }

    private static void assertPublishedOnce(Stage stage) {
        assertThat(stage.orders().stream()
                        .map(order -> order.data().path("orderId").asText()
                                + order.data().path("updatedAt").asText()))
                .doesNotHaveDuplicates();
    }

    private Instant watermark(Stage stage) {
        return pool.preparedQuery("select covered_until from connection_view where connection_id = $1")
                .execute(Tuple.of(stage.id))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getOffsetDateTime(0)
                .toInstant();
    }

    private List<String> setAside(Stage stage) {
        List<String> ids = new java.util.ArrayList<>();
        pool.preparedQuery("select order_id from order_set_aside where connection_id = $1")
                .execute(Tuple.of(stage.id))
                .await()
                .indefinitely()
                .forEach(row -> ids.add(row.getString(0)));
        return ids;
    }

    private long count(String sql, Stage stage) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(stage.id))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private int execute(String sql, Stage stage) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(stage.id))
                .await()
                .indefinitely()
                .rowCount();
    }
}
