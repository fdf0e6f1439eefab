package io.perennial.fetch.backfill;

import static io.perennial.fetch.Stage.as;
import static io.perennial.fetch.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Provider;
import io.perennial.fetch.AuthStandIn;
import io.perennial.fetch.FetchService;
import io.perennial.fetch.Stage;
import io.perennial.fetch.batch.BatchProgress;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class FetchResourceTest {
    @Inject
    Pool pool;

    @Inject
    BulkFetches bulks;

    @Test
    void fetch_my_data_reads_what_is_not_covered_and_a_fetch_under_way_is_not_doubled() {
        try (Stage stage = Stage.withSeller("NA", 5)) {
            stage.authorized();
            Instant covered = Stage.to(stage.completed("FIRST_LOAD"));
            stage.clock.advance(Duration.ofDays(4));
            stage.amazon.faults("[{\"operation\":\"searchOrders\",\"kind\":\"outage\"}]");
            String id = request(stage, "{\"connections\":[\"" + stage.id + "\"]}");
            assertThat(request(stage, "{\"connections\":[\"" + stage.id + "\"]}"))
                    .isEqualTo(id);
            assertThat(request(stage, "{\"tenant\":\"" + stage.tenant + "\"}")).isEqualTo(id);
            stage.amazon.faults("[]");
            ReceivedEvent completed = stage.completedInTime("MANUAL", Duration.ofSeconds(30));
            assertThat(Stage.fetchId(completed)).isEqualTo(id);
            assertThat(stage.orderIds(id))
                    .isEqualTo(stage.amazon.truthAfter(stage.seller, covered, Stage.to(completed)));
            as("viewer", stage.tenant)
                    .get("/api/fetches/" + id)
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("COMPLETED"))
                    .body("reason", equalTo("MANUAL"))
                    .body("externalId", equalTo("shop-" + stage.id))
                    .body("tenantId", equalTo(stage.tenant));
        }
    }

    @Test
    void a_past_window_can_be_read_again_and_publishes_only_news() {
        try (Stage stage = Stage.withSeller("NA", 6)) {
            stage.authorized();
            ReceivedEvent first = stage.completed("FIRST_LOAD");
            Instant from = Stage.from(first).minus(Duration.ofDays(20));
            Instant to = Stage.from(first).plus(Duration.ofDays(5));
            String id = request(
                    stage, "{\"connections\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\"}".formatted(stage.id, from, to));
            ReceivedEvent completed = stage.completedInTime("MANUAL", Duration.ofSeconds(61));
            assertThat(stage.orderIds(id))
                    .isEqualTo(stage.amazon.truth(
                            stage.seller, from, Stage.from(first).minusMillis(1)));
            assertThat(completed.data().path("ordersUnchanged").asInt()).isPositive();
        }
    }

    @Test
    void how_far_back_a_window_may_begin_depends_on_the_marketplaces() {
        try (Stage german = Stage.withSeller("EU", 13);
                Stage japanese = Stage.withSeller("FE", 0)) {
            for (Stage stage : List.of(german, japanese)) {
                stage.grant.refuse("CONNECTION_SUSPECT");
                stage.authorized();
                stage.awaitNewest("WAITING", "CONNECTION_SUSPECT");
                int days = stage == german ? 720 : 900;
                pool.preparedQuery(
                                """
                                insert into load_month (connection_id, month, tenant_id, orders)
                                values ($1, '2020-01-01', $2, array_fill(1000, array[31]))
                                """)
                        .execute(Tuple.of(stage.id, stage.tenant))
                        .await()
                        .indefinitely();
                request(stage, from(stage, days));
                assertThat(stage.fetches().getString("fetches[0].strategyReason"))
                        .isEqualTo(stage == german ? "REPORT_SOONER" : "REPORTS_TOO_SHORT");
                as("operator", stage.tenant)
                        .body(from(stage, days + 100))
                        .post("/api/fetches")
                        .then()
                        .statusCode(stage == german ? 400 : 202);
                stage.revoked(1);
                stage.awaitNewest("PARKED", "CONNECTION_REVOKED");
            }
        }
    }

    private static String from(Stage stage, int days) {
        return "{\"connections\":[\"%s\"],\"from\":\"%s\"}"
                .formatted(stage.id, stage.clock.now().minus(Duration.ofDays(days)));
    }

    @Test
    void a_fetch_is_cancelled_and_its_rest_fetched_again_on_request() {
        try (Stage stage = Stage.withSeller("NA", 20)) {
            Instant now = stage.clock.now();
            stage.amazon.injectOrders(stage.seller, 150, now.minus(Duration.ofDays(20)), now.minus(Duration.ofDays(1)));
            stage.authorized();
            stage.awaitPages(20);
            String id = stage.fetches().getString("fetches[0].id");
            as("operator", stage.tenant)
                    .post("/api/fetches/" + id + "/retry")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("FETCH_NOT_ENDED"));
            as("operator", "somebody-else")
                    .post("/api/fetches/" + id + "/cancel")
                    .then()
                    .statusCode(404);
            as("viewer").post("/api/fetches/" + id + "/cancel").then().statusCode(403);
            for (int twice = 0; twice < 2; twice++) {
                as("operator", stage.tenant)
                        .post("/api/fetches/" + id + "/cancel")
                        .then()
                        .statusCode(200)
                        .body("state", equalTo("CANCELLED"))
                        .body("code", equalTo("CANCELLED_BY_REQUEST"));
            }
            await().until(() -> stage.told("FetchFailed").size() == 1);

            stage.clock.advance(Duration.ofHours(1));
            String key = UUID.randomUUID().toString();
            String again = retry(stage, id, key);
            assertThat(again).isNotEqualTo(id);
            assertThat(retry(stage, id, key)).isEqualTo(again);
            ReceivedEvent completed = stage.completedInTime("MANUAL", Duration.ofSeconds(61));
            assertThat(Stage.fetchId(completed)).isEqualTo(again);
            assertThat(stage.orderIds())
                    .containsAll(stage.amazon.truth(stage.seller, Stage.from(completed), Stage.to(completed)));
            as("operator", stage.tenant)
                    .post("/api/fetches/" + again + "/cancel")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("FETCH_ENDED"));
            as("operator", "somebody-else")
                    .post("/api/fetches/" + id + "/retry")
                    .then()
                    .statusCode(404);
        }
    }

    @Test
    void retry_settings_are_seen_by_all_and_set_by_an_admin_of_all_tenants() {
        String good = "{\"mode\":\"ANY\",\"statuses\":[429,503],\"mostAttempts\":3,\"multiply\":false}";
        String path = "/api/retry-settings/AMAZON_ADS";
        as("viewer")
                .get("/api/retry-settings")
                .then()
                .statusCode(200)
                .body("AMAZON_SELLER.mode", equalTo("STATUS_MATCHES"))
                .body("AMAZON_SELLER.statuses", equalTo(List.of(429)))
                .body("AMAZON_SELLER.mostAttempts", equalTo(5))
                .body("AMAZON_SELLER.multiply", equalTo(true));
        as("operator").body(good).put(path).then().statusCode(403);
        as("admin", "one-tenant").body(good).put(path).then().statusCode(403);
        as("admin").body(good).put("/api/retry-settings/EBAY").then().statusCode(404);
        as("admin").body(good).put(path).then().statusCode(200);
        as("viewer")
                .get("/api/retry-settings")
                .then()
                .body("AMAZON_ADS.statuses", equalTo(List.of(429, 503)))
                .body("AMAZON_ADS.mostAttempts", equalTo(3))
                .body("AMAZON_VENDOR.mostAttempts", equalTo(5));
        for (String bad : List.of(
                "{\"mode\":\"ANY\"}",
                good.replace("503", "200"),
                good.replace("503", "429"),
                good.replace(":3", ":21"),
                good.replace("ANY", "SOMETIMES"))) {
            as("admin").body(bad).put(path).then().statusCode(400);
        }
    }

    private static String retry(Stage stage, String id, String key) {
        return as("operator", stage.tenant)
                .header("Idempotency-Key", key)
                .post("/api/fetches/" + id + "/retry")
                .then()
                .statusCode(202)
                .extract()
                .path("fetches[0].id");
    }

    @Test
    void a_running_fetch_tells_how_far_it_is_and_when_the_quota_lets_it_finish() {
        try (Stage stage = Stage.withSeller("NA", 21)) {
            Instant now = stage.clock.now();
            stage.amazon.injectOrders(stage.seller, 150, now.minus(Duration.ofDays(29)), now.minus(Duration.ofDays(1)));
            stage.authorized();
            Instant from = Stage.from(stage.completedInTime("FIRST_LOAD", Duration.ofSeconds(61)));
            stage.clock.advance(Duration.ofHours(3));
            String id = request(stage, "{\"connections\":[\"%s\"],\"from\":\"%s\"}".formatted(stage.id, from));
            await().until(() -> fetch(id).getInt("pages") >= 20);
            int left = fetch(id).getInt("pagesEstimated") - fetch(id).getInt("pages");
            assertThat(left).isPositive();
            Instant finish = Instant.parse(fetch(id).getString("earliestFinishAt"));
            assertThat(Duration.between(stage.clock.now(), finish))
                    .isBetween(Duration.ofSeconds(180L * left - 90), Duration.ofSeconds(180L * left + 10));
            stage.completedInTime("MANUAL", Duration.ofSeconds(61));
            assertThat(fetch(id).getString("pagesEstimated")).isNull();
            assertThat(fetch(id).getString("earliestFinishAt")).isNull();
        }
    }

    private static JsonPath fetch(String id) {
        return as("viewer")
                .get("/api/fetches/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void what_a_campaign_has_renewed_is_fetched_as_far_as_it_is_known_here() {
        try (Stage stage = Stage.withSeller("NA", 8)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            UUID campaign = UUID.randomUUID();
            AuthStandIn.shared().renewed(campaign, List.of(stage.id, UUID.randomUUID()));
            request(stage, "{\"campaign\":\"" + campaign + "\"}");
            stage.completed("MANUAL");
            as("operator")
                    .body("{\"campaign\":\"" + UUID.randomUUID() + "\"}")
                    .post("/api/fetches")
                    .then()
                    .statusCode(404);
        }
    }

    @Test
    void a_tenant_of_any_size_is_planned_in_portions_by_all_replicas_and_each_connection_once() {
        String tenant = "large-" + UUID.randomUUID();
        connections(tenant, 30);
        String key = UUID.randomUUID().toString();
        String body = "{\"tenant\":\"" + tenant + "\"}";
        try {
            String id = requestBulk(tenant, body, key);
            Uni.join()
                    .all(replica(), replica(), replica())
                    .andFailFast()
                    .await()
                    .atMost(Duration.ofSeconds(60));
            JsonPath planned = awaitPlanned(tenant, id);
            assertThat(planned.getString("tenantId")).isEqualTo(tenant);
            assertThat(planned.getLong("connectionsEstimated")).isEqualTo(30);
            assertThat(planned.getLong("connections")).isEqualTo(30);
            assertThat(planned.getLong("fetches")).isEqualTo(30);
            assertThat(planned(tenant)).containsExactly(30L, 30L, 4L);

            assertThat(requestBulk(tenant, body, key)).as("under the same key").isEqualTo(id);
            String again = requestBulk(tenant, body, UUID.randomUUID().toString());
            assertThat(awaitPlanned(tenant, again).getLong("fetches")).isEqualTo(30);
            assertThat(planned(tenant)).as("those are under way").containsExactly(30L, 30L, 4L);

            Instant from = TestClock.shared().now().minus(Duration.ofDays(60)).truncatedTo(ChronoUnit.SECONDS);
            String window = requestBulk(
                    tenant,
                    body.replace("}", ",\"from\":\"" + from + "\"}"),
                    UUID.randomUUID().toString());
            assertThat(awaitPlanned(tenant, window).getString("from")).isEqualTo(from.toString());
            assertThat(planned(tenant)).containsExactly(60L, 30L, 4L);
            as("operator", tenant)
                    .body(body.replace("}", ",\"from\":\"" + from.minus(Duration.ofDays(900)) + "\"}"))
                    .post("/api/fetches")
                    .then()
                    .statusCode(400)
                    .body("errors[0].field", equalTo("from"));
            as("viewer", "somebody-else").get("/api/fetches/bulk/" + id).then().statusCode(404);
            as("viewer").get("/api/fetches/bulk/not-an-id").then().statusCode(404);
            as("token-reader").get("/api/fetches/bulk/" + id).then().statusCode(403);
        } finally {
            cancelAll(tenant);
        }
    }

    @Test
    void a_campaign_of_any_size_goes_on_where_it_stood_when_auth_service_was_away_or_a_replica_died() {
        String tenant = "large-" + UUID.randomUUID();
        String foreign = "large-" + UUID.randomUUID();
        UUID campaign = UUID.randomUUID();
        List<UUID> renewed = new ArrayList<>(connections(foreign, 1));
        renewed.addAll(connections(tenant, 13));
        AuthStandIn.shared().renewed(campaign, renewed);
        AuthStandIn.shared().answerCampaignPages(10);
        try {
            String id = requestBulk(
                    tenant,
                    "{\"campaign\":\"" + campaign + "\"}",
                    UUID.randomUUID().toString());
            await().until(() ->
                    "AUTH_SERVICE_UNAVAILABLE".equals(bulk(tenant, id).getString("code")));
            whileAReplicaIsInTheMiddleOf(id, () -> {
                AuthStandIn.shared().answerCampaignPages(Integer.MAX_VALUE);
                TestClock.shared().advance(Duration.ofMinutes(2));
                assertThat(bulks.next().await().atMost(Duration.ofSeconds(60))).isEqualTo(BatchProgress.HELD_BACK);
                assertThat(bulk(tenant, id).getLong("fetches")).isEqualTo(9);
            });

            JsonPath planned = awaitPlanned(tenant, id);
            assertThat(planned.getString("campaignId")).isEqualTo(campaign.toString());
            assertThat(planned.getString("code")).isNull();
            assertThat(planned.getLong("connections")).isEqualTo(13);
            assertThat(planned.getLong("fetches")).isEqualTo(13);
            assertThat(planned(tenant)).containsExactly(13L, 13L, 1L);
            assertThat(planned(foreign)).startsWith(0L);
            as("viewer", foreign).get("/api/fetches/bulk/" + id).then().statusCode(404);
            cancel("operator", tenant, id).statusCode(409).body("code", equalTo("FETCH_ENDED"));
            as("operator", "somebody-else")
                    .body("{\"campaign\":\"" + campaign + "\"}")
                    .post("/api/fetches")
                    .then()
                    .statusCode(404);

            AuthStandIn.shared().answerCampaignPages(10);
            String unwanted = requestBulk(
                    tenant,
                    "{\"campaign\":\"" + campaign + "\"}",
                    UUID.randomUUID().toString());
            await().until(() ->
                    "AUTH_SERVICE_UNAVAILABLE".equals(bulk(tenant, unwanted).getString("code")));
            cancel("viewer", tenant, unwanted).statusCode(403);
            cancel("operator", foreign, unwanted).statusCode(404);
            for (int twice = 0; twice < 2; twice++) {
                cancel("operator", tenant, unwanted)
                        .statusCode(200)
                        .body("state", equalTo("CANCELLED"))
                        .body("code", equalTo("CANCELLED_BY_REQUEST"));
            }
            assertThat(planned(tenant)).startsWith(13L);
        } finally {
            AuthStandIn.shared().answerCampaignPages(Integer.MAX_VALUE);
            cancelAll(tenant);
        }
    }

    /** It dies then, before it has committed. */
    private void whileAReplicaIsInTheMiddleOf(String bulk, Runnable others) {
        SqlConnection replica = pool.getConnection().await().indefinitely();
        Transaction portion = replica.begin().await().indefinitely();
        try {
            replica.preparedQuery("select 1 from bulk_fetch where id = $1 for update")
                    .execute(Tuple.of(UUID.fromString(bulk)))
                    .await()
                    .indefinitely();
            others.run();
        } finally {
            portion.rollback().await().indefinitely();
            replica.close().await().indefinitely();
        }
    }

    @Test
    void bulk_fetches_are_listed_newest_first_to_those_who_see_all_that_they_are_for() {
        String tenant = "large-" + UUID.randomUUID();
        UUID campaign = UUID.randomUUID();
        AuthStandIn.shared().renewed(campaign, connections(tenant, 9));
        String body = "{\"tenant\":\"" + tenant + "\"}";
        try {
            String first = requestBulk(tenant, body, UUID.randomUUID().toString());
            awaitPlanned(tenant, first);
            String second = requestBulk(tenant, body, UUID.randomUUID().toString());
            awaitPlanned(tenant, second);
            String ofAll = bulkId(as("operator").body("{\"campaign\":\"" + campaign + "\"}"));
            await().until(() -> "PLANNED"
                    .equals(as("viewer").get("/api/fetches/bulk/" + ofAll).path("state")));

            assertThat(pages("bulks", "limit=1", tenant)).containsExactly(second, first);
            assertThat(pages("bulks", "limit=1&tenant=" + tenant)).containsExactly(second, first);
            assertThat(pages("bulks", "state=planned", tenant)).containsExactly(second, first);
            assertThat(pages("bulks", "state=FAILED", tenant)).isEmpty();
            assertThat(pages("bulks", "tenant=" + tenant, "somebody-else")).isEmpty();
            as("viewer")
                    .get("/api/fetches/bulk?limit=1")
                    .then()
                    .statusCode(200)
                    .body("bulks[0].id", equalTo(ofAll))
                    .body("bulks[0].campaignId", equalTo(campaign.toString()))
                    .body("bulks[0].connections", equalTo(9));
            as("token-reader").get("/api/fetches/bulk").then().statusCode(403);
            io.restassured.RestAssured.given().get("/api/fetches/bulk").then().statusCode(401);
        } finally {
            cancelAll(tenant);
        }
    }

    @Test
    void the_fetches_of_a_bulk_are_those_that_it_planned_itself() {
        String tenant = "large-" + UUID.randomUUID();
        String other = "large-" + UUID.randomUUID();
        List<UUID> connections = new ArrayList<>(connections(tenant, 9));
        String body = "{\"tenant\":\"" + tenant + "\"}";
        try {
            String underWay = as("operator", tenant)
                    .body("{\"connections\":[\"" + connections.get(5) + "\"]}")
                    .post("/api/fetches")
                    .path("fetches[0].id");
            String bulk = requestBulk(tenant, body, UUID.randomUUID().toString());
            assertThat(awaitPlanned(tenant, bulk).getLong("fetches")).isEqualTo(9);
            List<String> own = pages("fetches", "limit=3&bulk=" + bulk, tenant);
            assertThat(own)
                    .hasSize(8)
                    .doesNotContain(underWay)
                    .doesNotHaveDuplicates()
                    .isSortedAccordingTo(Comparator.reverseOrder());
            assertThat(pages("fetches", "bulk=" + bulk, other)).isEmpty();

            String again = requestBulk(tenant, body, UUID.randomUUID().toString());
            assertThat(awaitPlanned(tenant, again).getLong("fetches")).isEqualTo(9);
            assertThat(pages("fetches", "bulk=" + again, tenant)).isEmpty();

            String unwanted = own.get(0);
            as("operator", tenant)
                    .post("/api/fetches/" + unwanted + "/cancel")
                    .then()
                    .statusCode(200);
            as("operator", tenant)
                    .post("/api/fetches/" + unwanted + "/retry")
                    .then()
                    .statusCode(202);
            assertThat(pages("fetches", "bulk=" + bulk, tenant)).isEqualTo(own);
            assertThat(pages("fetches", "state=CANCELLED&bulk=" + bulk, tenant)).containsExactly(unwanted);

            UUID campaign = UUID.randomUUID();
            connections.addAll(connections(other, 2));
            AuthStandIn.shared().renewed(campaign, connections);
            Instant from = TestClock.shared().now().minus(Duration.ofDays(60)).truncatedTo(ChronoUnit.SECONDS);
            String ofAll =
                    bulkId(as("operator").body("{\"campaign\":\"%s\",\"from\":\"%s\"}".formatted(campaign, from)));
            await().until(() -> pages("fetches", "bulk=" + ofAll).size() == 11);
            assertThat(pages("fetches", "bulk=" + ofAll, other)).hasSize(2);
        } finally {
            cancelAll(tenant);
            cancelAll(other);
        }
    }

    /** Ids of all pages of a list, as a viewer of the tenants reads them. */
    private static List<String> pages(String list, String query, String... tenants) {
        String path = (list.equals("bulks") ? "/api/fetches/bulk?" : "/api/fetches?") + query;
        List<String> ids = new ArrayList<>();
        String next = "";
        while (next != null) {
            JsonPath page = as("viewer", tenants)
                    .get(path + "&cursor=" + next)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            ids.addAll(page.getList(list + ".id"));
            next = page.getString("next");
        }
        return ids;
    }

    private static String bulkId(RequestSpecification wish) {
        return wish.post("/api/fetches").then().statusCode(202).extract().path("bulk.id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /api/fetches?bulk=x            | bulk   | must be an id
                    /api/fetches?cursor=eA         | cursor | must be the one of the page before
                    /api/fetches?state=ASLEEP      | state  | must be one of [WAITING, RUNNING, COMPLETED, FAILED, PARKED, CANCELLED]
                    /api/fetches/bulk?state=ASLEEP | state  | must be one of [PLANNING, PLANNED, FAILED, CANCELLED]
                    /api/fetches/bulk?cursor=eA    | cursor | must be the one of the page before
                    /api/fetches/bulk?limit=0      | limit  | must be between 1 and 200
                    """)
    void a_bad_question_for_a_list_names_the_field(String path, String field, String message) {
        as("viewer")
                .get(path)
                .then()
                .statusCode(400)
                .body("code", equalTo("INVALID_REQUEST"))
                .body("errors.size()", equalTo(1))
                .body("errors[0].field", equalTo(field))
                .body("errors[0].message", equalTo(message));
    }

    /** As many sellers as events told of, without their stages. */
    private List<UUID> connections(String tenant, int count) {
        List<UUID> ids = new ArrayList<>();
        pool.preparedQuery(
                        """
                        insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation,
                                                     state, seen_sequence)
                        select gen_random_uuid(), $1, 'shop-' || n, 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1
                        from generate_series(1, $2) as n
                        returning connection_id
                        """)
                .execute(Tuple.of(tenant, count))
                .await()
                .indefinitely()
                .forEach(row -> ids.add(row.getUUID(0)));
        return ids;
    }

    /** Nobody goes on with what no Amazon knows of. */
    private void cancelAll(String tenant) {
        pool.preparedQuery(
                        """
                        update fetch_job set state = 'CANCELLED', completed_at = requested_at, next_attempt_at = null,
                            lease_owner = null, lease_until = null, lease_epoch = lease_epoch + 1
                        where tenant_id = $1 and completed_at is null
                        """)
                .execute(Tuple.of(tenant))
                .await()
                .indefinitely();
    }

    private Uni<Void> replica() {
        return Multi.createBy()
                .repeating()
                .uni(bulks::next)
                .withDelay(Duration.ofMillis(20))
                .until(progress -> progress == BatchProgress.NOTHING_OPEN)
                .onItem()
                .ignoreAsUni();
    }

    /** Fetches of the tenant, connections that have some, and the most that were planned at once. */
    private List<Long> planned(String tenant) {
        Row row = pool.preparedQuery(
                        """
                        select sum(n)::bigint, (select count(distinct connection_id) from fetch_job where tenant_id = $1),
                               max(n)
                        from (select count(*) as n from fetch_job where tenant_id = $1
                              group by requested_at union all select 0) as portion
                        """)
                .execute(Tuple.of(tenant))
                .await()
                .indefinitely()
                .iterator()
                .next();
        return IntStream.range(0, row.size()).mapToObj(row::getLong).toList();
    }

    private static String requestBulk(String tenant, String body, String key) {
        return as("operator", tenant)
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/fetches")
                .then()
                .statusCode(202)
                .body("fetches.size()", equalTo(0))
                .extract()
                .path("bulk.id");
    }

    private static ValidatableResponse cancel(String role, String tenant, String bulk) {
        return as(role, tenant).post("/api/fetches/bulk/" + bulk + "/cancel").then();
    }

    private static JsonPath awaitPlanned(String tenant, String id) {
        await().until(() -> bulk(tenant, id).getString("state").equals("PLANNED"));
        return bulk(tenant, id);
    }

    private static JsonPath bulk(String tenant, String id) {
        return as("viewer", tenant)
                .get("/api/fetches/bulk/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void the_same_request_under_the_same_key_is_one_request() {
        try (Stage stage = Stage.withSeller("NA", 7)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            String key = UUID.randomUUID().toString();
            String body = "{\"connections\":[\"" + stage.id + "\"]}";
            String first = request(stage, body, key);
            stage.completed("MANUAL");
            assertThat(request(stage, body, key)).isEqualTo(first);
            assertThat(request(stage, body)).isNotEqualTo(first);
            as("operator")
                    .header("Idempotency-Key", key)
                    .body("{\"tenant\":\"" + stage.tenant + "\"}")
                    .post("/api/fetches")
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                                              | connections
                    {"connections":[]}                                                              | connections
                    {"connections":["x"]}                                                           | connections
                    {"connections":[null]}                                                          | connections
                    {"connections":["00000000-0000-0000-0000-000000000001","00000000-0000-0000-0000-000000000001"]} | connections
                    {"connections":["00000000-0000-0000-0000-000000000001"],"tenant":"t"}           | connections
                    {"tenant":" "}                                                                  | tenant
                    {"tenant":"t","campaign":"00000000-0000-0000-0000-000000000001"}                | campaign
                    {"tenant":"t","colour":"red"}                                                   | colour
                    {"tenant":"t","from":"yesterday"}                                               | from
                    {"tenant":"t","from":"2001-01-01T00:00:00Z"}                                    | from
                    {"tenant":"t","to":"2026-01-01T00:00:00Z"}                                      | from
                    """)
    void a_bad_request_names_the_field(String body, String field) {
        as("operator")
                .body(body)
                .post("/api/fetches")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("INVALID_REQUEST"))
                .body("errors[0].field", containsString(field));
    }

    @Test
    void a_window_must_lie_in_the_past_and_have_a_length() {
        Instant now = TestClock.shared().now();
        for (String window : List.of(
                "\"from\":\"%s\",\"to\":\"%s\"".formatted(now.minusSeconds(7200), now.plusSeconds(3600)),
                "\"from\":\"%s\",\"to\":\"%s\"".formatted(now.minusSeconds(3600), now.minusSeconds(7200)),
                "\"from\":\"%s\"".formatted(now.minusSeconds(60)))) {
            as("operator")
                    .body("{\"tenant\":\"t\"," + window + "}")
                    .post("/api/fetches")
                    .then()
                    .statusCode(400);
        }
    }

    @Test
    void roles_and_tenants_are_kept_apart() {
        try (Stage stage = Stage.withSeller("NA", 8)) {
            stage.authorized();
            String id = Stage.fetchId(stage.completed("FIRST_LOAD"));
            String body = "{\"connections\":[\"" + stage.id + "\"]}";
            as("viewer").body(body).post("/api/fetches").then().statusCode(403);
            io.restassured.RestAssured.given().get("/api/fetches").then().statusCode(401);
            as("operator", "somebody-else")
                    .body(body)
                    .post("/api/fetches")
                    .then()
                    .statusCode(404);
            as("operator", "somebody-else")
                    .body("{\"tenant\":\"" + stage.tenant + "\"}")
                    .post("/api/fetches")
                    .then()
                    .statusCode(403);
            as("viewer", "somebody-else").get("/api/fetches/" + id).then().statusCode(404);
            as("viewer", "somebody-else")
                    .get("/api/fetches?connection=" + stage.id)
                    .then()
                    .statusCode(200)
                    .body("fetches.size()", equalTo(0));
            as("viewer", "somebody-else")
                    .get("/api/load-status?connection=" + stage.id)
                    .then()
                    .statusCode(200)
                    .body("connections.size()", equalTo(0));
            as("viewer").get("/api/fetches/" + UUID.randomUUID()).then().statusCode(404);
            as("viewer").get("/api/fetches/not-an-id").then().statusCode(404);
        }
    }

    /** A page of the load status costs few buffers only with the plan for its own connections. */
    @Test
    void the_service_plans_each_statement_for_its_own_parameters() {
        assertThat(pool.query("show plan_cache_mode")
                        .execute()
                        .await()
                        .indefinitely()
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo("force_custom_plan");
    }

    @Test
    void lists_are_read_page_by_page() {
        try (Stage stage = Stage.withSeller("NA", 0)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            String newer = request(stage, "{\"connections\":[\"" + stage.id + "\"]}");
            String path = "/api/fetches?limit=1&connection=" + stage.id;
            String next = as("viewer")
                    .get(path)
                    .then()
                    .statusCode(200)
                    .body("fetches[0].id", equalTo(newer))
                    .extract()
                    .path("next");
            as("viewer")
                    .get(path + "&cursor=" + next)
                    .then()
                    .statusCode(200)
                    .body("fetches[0].reason", equalTo("FIRST_LOAD"))
                    .body("next", equalTo(null));
            as("viewer").get(path + "&cursor=%21").then().statusCode(400);
            as("viewer").get("/api/fetches?limit=0").then().statusCode(400);
            as("viewer").get("/api/fetches?state=ASLEEP").then().statusCode(400);
        }
    }

    @Test
    void load_status_tells_of_each_day() {
        try (Stage stage = Stage.withSeller("NA", 1)) {
            stage.authorized();
            ReceivedEvent completed = stage.completed("FIRST_LOAD");
            LocalDate today = stage.clock.now().atOffset(ZoneOffset.UTC).toLocalDate();
            List<Map<String, Object>> days = days(stage, today.minusDays(40), today);
            assertThat(days).hasSize(41);
            assertThat(status(days, today.minusDays(35))).isEqualTo("NONE");
            assertThat(status(days, today.minusDays(30))).isIn("PARTIAL", "NONE");
            assertThat(status(days, today.minusDays(3))).isEqualTo("COMPLETE");
            assertThat(days.stream().mapToInt(day -> (int) day.get("orders")).sum())
                    .isEqualTo(completed.data().path("ordersNew").asInt());

            stage.expired(1);
            stage.clock.advance(Duration.ofDays(3));
            await().untilAsserted(() -> assertThat(status(days(stage, today, today.plusDays(3)), today.plusDays(2)))
                    .isEqualTo("NO_ACCESS"));
            as("viewer")
                    .get("/api/load-status?from=2026-01-01&to=2026-12-31")
                    .then()
                    .statusCode(400);
            as("viewer").get("/api/load-status?from=tomorrow").then().statusCode(400);
        }
    }

    @Test
    void a_vendor_has_nothing_to_fetch() {
        try (Stage stage = Stage.withSeller("EU", 0)) {
            Instant now = stage.clock.now();
            stage.tell(new ConnectionAuthorized(
                    stage.about(Provider.AMAZON_VENDOR, 1),
                    "V1",
                    null,
                    List.of("A1PA6795UKMFR9"),
                    now,
                    now.plus(Duration.ofDays(365)),
                    EndsAtSource.RULE));
            String body = "{\"connections\":[\"" + stage.id + "\"]}";
            await().untilAsserted(() -> as("operator")
                    .body(body)
                    .post("/api/fetches")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("NOT_OFFERED")));
            LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
            assertThat(status(days(stage, today, today), today)).isEqualTo("NOT_OFFERED");
            assertThat(stage.told("FetchRequested")).isEmpty();
        }
    }

    @Test
    void an_expired_connection_is_not_fetched_on_request() {
        try (Stage stage = Stage.withSeller("NA", 2)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            stage.expired(1);
            String body = "{\"connections\":[\"" + stage.id + "\"]}";
            await().untilAsserted(() -> as("operator")
                    .body(body)
                    .post("/api/fetches")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("CONNECTION_EXPIRED")));
        }
    }

    private static List<Map<String, Object>> days(Stage stage, LocalDate from, LocalDate to) {
        return as("viewer")
                .get("/api/load-status?connection=" + stage.id + "&from=" + from + "&to=" + to)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("connections[0].days");
    }

    private static String status(List<Map<String, Object>> days, LocalDate date) {
        return days.stream()
                .filter(day -> day.get("date").equals(date.toString()))
                .map(day -> (String) day.get("status"))
                .findFirst()
                .orElseThrow();
    }

    private static String request(Stage stage, String body) {
        return request(stage, body, UUID.randomUUID().toString());
    }

    private static String request(Stage stage, String body, String key) {
        return as("operator", stage.tenant)
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/fetches")
                .then()
                .statusCode(202)
                .extract()
                .path("fetches[0].id");
    }
}
