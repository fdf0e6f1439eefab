package io.perennial.auth.imports;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Advertiser;
import io.perennial.auth.Api;
import io.perennial.auth.Browser;
import io.perennial.auth.Keys;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.PerennialPostgres;
import io.perennial.testsupport.SandboxProcess;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.TestDatabase;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class ImportTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String CANARY = "Atzr|canary-of-an-import";
    private static final String NDJSON = "application/x-ndjson";
    private static String app;
    private static JsonNode registered;
    private static String adsApp;
    private static JsonNode registeredAds;

    @Inject
    Pool pool;

    private final String tenant = "import-" + UUID.randomUUID();

    /** Not the default application: others' tests rely on theirs. */
    @BeforeEach
    void an_application() {
        if (app != null) {
            return;
        }
        String back = "http://localhost:" + RestAssured.port + "/oauth/amazon/callback";
        registered = Amazon.register(back);
        app = Api.app("AMAZON_SELLER", registered, Amazon.url(), back, false);
        String adsBack = "http://localhost:" + RestAssured.port + "/oauth/ads/callback";
        registeredAds = Amazon.registerAdvertising(adsBack);
        adsApp = Api.advertisingApp(registeredAds, Amazon.url(), adsBack, false);
    }

    /** Their tokens are made up: nobody shall probe them while others' tests move the clock. */
    @AfterEach
    void nothing_is_left() {
        for (String table : List.of("authorization_request", "grant_record", "chosen_profile", "connection")) {
            done("delete from " + table + " where starts_with(tenant_id, $1)", Tuple.of(tenant));
        }
    }

    @Test
    void an_imported_authorization_works_at_once_and_tells_from_where_orders_are_missing() throws Exception {
        Amazon.Seller seller = Amazon.nextSeller("EU");
        Instant granted = TestClock.shared().now().minus(Duration.ofDays(100)).truncatedTo(ChronoUnit.MICROS);
        Instant covered = TestClock.shared().now().minus(Duration.ofDays(3));
        Map<String, Object> line = line("shop-1");
        line.put("accountId", seller.id());
        line.put("refreshToken", tokenOf(seller));
        line.put("grantedAt", granted.toString());
        line.put("coveredUntil", covered.toString());
        try (Events events = Events.fromNow(
                PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS, Topics.CONNECTION_STATE)) {
            send(List.of(line))
                    .statusCode(201)
                    .body("state", equalTo("COMPLETED"))
                    .body("imported", equalTo(1))
                    .body("endsUnknown", equalTo(0))
                    .body("advice", nullValue());
            String id = connection("shop-1").getUUID("id").toString();
            events.await("ConnectionCreated", id);
            JsonNode authorized = events.await("ConnectionAuthorized", id, 1).data();
            assertThat(authorized.path("origin").asText()).isEqualTo("IMPORT");
            assertThat(Instant.parse(authorized.path("coveredUntil").asText())).isEqualTo(covered);
            assertThat(Instant.parse(authorized.path("endsAt").asText())).isEqualTo(granted.plus(Duration.ofDays(365)));
            assertThat(events.await("ConnectionState", id).data().path("state").asText())
                    .isEqualTo("ACTIVE");
            as("token-reader", "*")
                    .post("/api/connections/" + id + "/access-token")
                    .then()
                    .statusCode(200)
                    .body("accountId", equalTo(seller.id()));
            admin().get("/api/connections/" + id)
                    .then()
                    .body("endsAtSource", equalTo("RULE"))
                    .body("generation", equalTo(1))
                    .body("contacts.email", contains("ada@shop.example"));
            admin().get("/api/connections/" + id + "/history")
                    .then()
                    .body("items.kind", hasItem("CONNECTION_IMPORTED"));
        }
    }

    @Test
    void an_unknown_date_is_flagged_with_where_amazon_shows_it() throws Exception {
        Map<String, Object> line = line("shop-1");
        line.put("grantedAt", "unknown");
        send(List.of(line))
                .statusCode(201)
                .body("endsUnknown", equalTo(1))
                .body("advice", containsString("Manage Your Apps"));
        admin().get("/api/connections/" + connection("shop-1").getUUID("id"))
                .then()
                .body("endsAtSource", equalTo("ESTIMATE"))
                .body("authorizedAt", nullValue())
                .body("setup", hasItem("END_ESTIMATED"));
    }

    @Test
    void a_later_token_is_tried_before_it_counts_and_every_other_line_of_a_known_connection_changes_nothing()
            throws Exception {
        Amazon.Seller seller = Amazon.nextSeller("EU");
        Instant granted = TestClock.shared().now().minus(Duration.ofDays(100)).truncatedTo(ChronoUnit.MICROS);
        Map<String, Object> line = line("shop-1");
        line.put("accountId", seller.id());
        line.put("grantedAt", granted.toString());
        line.put("refreshToken", tokenOf(seller));
        send(List.of(line)).body("imported", equalTo(1));
        String id = connection("shop-1").getUUID("id").toString();
        admin().get("/api/connections/" + id).then().body("accountName", nullValue());

        // The first probe sees whose store it is: the evidence for whatever comes later.
        admin().post("/api/connections/" + id + "/probe").then().body("result", equalTo("ALIVE"));
        admin().get("/api/connections/" + id).then().body("accountName", equalTo(seller.name()));
        admin().get("/api/connections/" + id + "/history").then().body("items.kind", hasItem("STORE_SEEN"));

        Map<String, Object> later = new HashMap<>(line);
        later.put("refreshToken", tokenOf(seller));
        send(List.of(later)).body("failed", equalTo(1)).body("faults.field", contains("refreshToken"));
        later.put("grantedAt", granted.minusSeconds(1).toString());
        send(List.of(later, line)).body("unchanged", equalTo(2)).body("failed", equalTo(0));
        later.put("grantedAt", granted.plus(Duration.ofDays(50)).toString());
        request()
                .queryParam("dryRun", true)
                .body(bytes(text(List.of(later))))
                .post("/api/imports")
                .then()
                .body("received", equalTo(1));
        try (Events events = Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS)) {
            send(List.of(later, later))
                    .body("received", equalTo(1))
                    .body("unchanged", equalTo(1))
                    .body("imported", equalTo(0))
                    .body("failed", equalTo(0));
            JsonNode renewed = events.await("TokenRenewed", id, 2).data();
            assertThat(Instant.parse(renewed.path("endsAt").asText())).isEqualTo(granted.plus(Duration.ofDays(415)));
        }
        send(List.of(later)).body("unchanged", equalTo(1));
        send(List.of(line)).body("unchanged", equalTo(1));

        Map<String, Object> useless = new HashMap<>(line);
        useless.put("grantedAt", granted.plus(Duration.ofDays(60)).toString());
        useless.put("refreshToken", CANARY);
        try (Events events = Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS)) {
            send(List.of(useless)).body("received", equalTo(1));
            JsonNode failed = events.await("AuthorizationFailed", id, 2).data();
            assertThat(failed.path("code").asText())
                    .as("not one of those of which merchants are told")
                    .isEqualTo("IMPORTED_TOKEN_NOT_TAKEN");
        }
        admin().get("/api/connections/" + id + "/history")
                .then()
                .body("items.find { it.kind == 'AUTHORIZATION_FAILED' }.reason", equalTo("GRANT_REFUSED"));
        assertThat(connection("shop-1").getInteger("generation")).isEqualTo(2);
        admin().post("/api/connections/" + id + "/probe").then().body("result", equalTo("ALIVE"));
    }

    @Test
    void an_advertiser_keeps_the_profiles_that_his_line_names_and_chooses_later_without() throws Exception {
        Advertiser olivar = Amazon.advertiser("Olivar del Sur");
        List<String> profiles = olivar.profileIds("EU");
        Map<String, Object> line = advertiser("ads-1", olivar, profiles.get(0));
        Map<String, Object> chosen = advertiser("ads-2", olivar, profiles.get(1));
        chosen.put("profiles", List.of(profiles.get(1)));
        Map<String, Object> taken = advertiser("ads-3", olivar, profiles.get(2));
        taken.put("profiles", List.of(profiles.get(2), profiles.get(1)));

        send(List.of(line, chosen, taken))
                .body("imported", equalTo(2))
                .body("faults.field", contains("profiles"))
                .body("faults.externalId", contains("ads-3"));
        send(List.of(line, chosen, taken)).body("unchanged", equalTo(2)).body("failed", equalTo(1));

        String first = connection("ads-1").getUUID("id").toString();
        admin().get("/api/connections/" + first).then().body("setup", hasItem("CHOOSE_PROFILE"));
        admin().get("/api/connections/" + first + "/profiles")
                .then()
                .body("items.profileId", containsInAnyOrder(profiles.toArray()))
                .body("items.findAll { it.chosen }", hasSize(0));
        String second = connection("ads-2").getUUID("id").toString();
        admin().get("/api/connections/" + second).then().body("setup", not(hasItem("CHOOSE_PROFILE")));
        admin().get("/api/connections/" + second + "/profiles")
                .then()
                .body("items.findAll { it.chosen }.profileId", contains(profiles.get(1)))
                .body("items.findAll { it.chosen }.access", contains("OPEN"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "tenantId; null; tenantId",
                "tenantId; \"a b\"; tenantId",
                "externalId; \"\"; externalId",
                "provider; \"EBAY\"; provider",
                "profiles; [\"123\"]; profiles",
                "region; \"MARS\"; region",
                "app; \"nobody's\"; app",
                "accountId; null; accountId",
                "accountId; \"lower\"; accountId",
                "grantedAt; \"yesterday\"; grantedAt",
                "grantedAt; \"2999-01-01T00:00:00Z\"; grantedAt",
                "coveredUntil; 7; coveredUntil",
                "coveredUntil; \"2999-01-01T00:00:00Z\"; coveredUntil",
                "marketplaces; [\"ATVPDKIKX0DER\"]; marketplaces[0]",
                "contacts; [{\"name\":\"Ada\",\"email\":\"a@b.example\\nBcc: c@d.example\"}]; contacts[0].email",
                "refreshToken; null; refreshToken",
                "refreshToken; \"Atzr|canary-of-an-import with a blank\"; refreshToken",
                "refreshToken; {\"a\":1}; refreshToken",
                "state; \"ACTIVE\"; state"
            })
    void a_fault_names_line_and_field_and_the_other_lines_are_imported(String field, String value, String named)
            throws Exception {
        Map<String, Object> faulty = line("shop-1");
        faulty.put(field, JSON.readTree(value));
        send(List.of(line("shop-0"), faulty, line("shop-2")))
                .statusCode(201)
                .body("lines", equalTo(3))
                .body("imported", equalTo(2))
                .body("failed", equalTo(1))
                .body("faults.line", contains(2))
                .body("faults.field", contains(named))
                .body(not(containsString("canary")));
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void lines_that_are_no_lines_are_faults_too() {
        String tooLong = "{\"label\":\"" + "x".repeat(40_000) + "\"}";
        send("\n" + String.join("\n", "nonsense", tooLong, "[]", "null", "{\"a\":1}{\"b\":2}", "  "))
                .statusCode(201)
                .body("lines", equalTo(7))
                .body("failed", equalTo(5))
                .body("faults.line", hasItem(3))
                .body("faults[0].field", equalTo("line"));
    }

    @Test
    void what_is_there_already_stays_and_what_contradicts_it_is_named() throws Exception {
        send(List.of(line("shop-1"), line("shop-2"))).body("imported", equalTo(2));
        Map<String, Object> otherAccount = line("shop-1");
        otherAccount.put("accountId", "AOTHER");
        Map<String, Object> takenAccount = line("shop-9");
        takenAccount.put("accountId", line("shop-2").get("accountId"));
        Map<String, Object> twin = line("shop-3");
        send(List.of(line("shop-1"), line("shop-2"), otherAccount, takenAccount, twin, twin))
                .body("imported", equalTo(1))
                .body("unchanged", equalTo(3))
                .body("failed", equalTo(2))
                .body("faults.field", contains("externalId", "accountId"))
                .body("faults.externalId", contains("shop-1", "shop-9"));
        assertThat(count()).isEqualTo(3);
    }

    @Test
    void a_dry_run_tells_all_this_and_stores_nothing() throws Exception {
        send(List.of(line("shop-1"))).body("imported", equalTo(1));
        Map<String, Object> faulty = line("shop-4");
        faulty.put("region", "MARS");
        List<Map<String, Object>> lines =
                List.of(line("shop-1"), line("shop-2"), line("shop-2"), faulty, line("shop-3"));
        request()
                .queryParam("dryRun", true)
                .body(bytes(text(lines)))
                .post("/api/imports")
                .then()
                .statusCode(201)
                .body("dryRun", equalTo(true))
                .body("imported", equalTo(2))
                .body("unchanged", equalTo(1))
                .body("faults.field", contains("externalId", "region"));
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void a_sender_that_dies_in_the_middle_goes_on_where_it_stood_and_nothing_is_there_twice() throws Exception {
        List<String> lines = lines(700);
        String key = UUID.randomUUID().toString();
        try (Socket socket = begin(key)) {
            write(socket.getOutputStream(), String.join("\n", lines) + "\n");
            await().atMost(PATIENCE).until(() -> count() == 500);
        }
        String id = done("select id from import_run where idempotency_key = $1", Tuple.of(key))
                .get(0)
                .getUUID(0)
                .toString();
        await().atMost(PATIENCE).untilAsserted(() -> admin().get("/api/imports/" + id)
                .then()
                .body("state", equalTo("INTERRUPTED"))
                .body("lines", equalTo(500)));

        List<String> others = new ArrayList<>(lines);
        others.set(3, lines.get(4));
        keyed(key)
                .body(bytes(String.join("\n", others)))
                .post("/api/imports")
                .then()
                .statusCode(422)
                .body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));

        keyed(key)
                .body(bytes(String.join("\n", lines)))
                .post("/api/imports")
                .then()
                .statusCode(201)
                .body("id", equalTo(id))
                .body("state", equalTo("COMPLETED"))
                .body("imported", equalTo(700))
                .body("failed", equalTo(0));
        keyed(key)
                .body(bytes(String.join("\n", lines)))
                .post("/api/imports")
                .then()
                .body("imported", equalTo(700));
        assertThat(count()).isEqualTo(700);
        assertThat(done(
                                "select count(*) from grant_record where tenant_id = $1 and status = 'CURRENT'",
                                Tuple.of(tenant))
                        .get(0)
                        .getLong(0))
                .isEqualTo(700);
    }

    @Test
    void a_request_whose_import_another_one_went_on_with_writes_nothing_more() throws Exception {
        List<String> lines = lines(700);
        String key = UUID.randomUUID().toString();
        try (Socket frozen = begin(key)) {
            write(frozen.getOutputStream(), String.join("\n", lines.subList(0, 600)) + "\n");
            await().atMost(PATIENCE).until(() -> count() == 500);
            keyed(key)
                    .body(bytes(String.join("\n", lines)))
                    .post("/api/imports")
                    .then()
                    .statusCode(201)
                    .body("imported", equalTo(700));

            write(frozen.getOutputStream(), String.join("\n", lines.subList(600, 700)) + "\n");
            frozen.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(frozen.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 409");
        }
        assertThat(count()).isEqualTo(700);
    }

    @Test
    void another_request_under_the_key_stops_nobody_and_another_tenants_is_its_own() throws Exception {
        List<String> lines = lines(600);
        String key = UUID.randomUUID().toString();
        try (Socket sending = begin(key)) {
            write(sending.getOutputStream(), String.join("\n", lines.subList(0, 550)) + "\n");
            await().atMost(PATIENCE).until(() -> count() == 500);
            request()
                    .header("Idempotency-Key", key)
                    .queryParam("name", "others")
                    .body(bytes(lines.get(0)))
                    .post("/api/imports")
                    .then()
                    .statusCode(422);
            as("operator", "somebody-else")
                    .contentType(NDJSON)
                    .header("Idempotency-Key", key)
                    .queryParam("name", "sellers")
                    .body(bytes(lines.get(0)))
                    .post("/api/imports")
                    .then()
                    .statusCode(201)
                    .body("imported", equalTo(0))
                    .body("failed", equalTo(1));

            write(sending.getOutputStream(), String.join("\n", lines.subList(550, 600)) + "\n");
            sending.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(sending.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 201");
        }
        assertThat(count()).isEqualTo(600);
    }

    @Test
    void two_thousand_lines_cost_a_few_statements_a_batch_and_survive_the_loss_of_every_database_session()
            throws Exception {
        long before = statements();
        List<String> lines = lines(2_000);
        send(String.join("\n", lines)).statusCode(201).body("imported", equalTo(2_000));
        assertThat(statements() - before)
                .as("statements for 4 batches of 500 lines")
                .isBetween(4L * 4, 4L * 10);

        done(
                "update connection set external_id = 'former-' || external_id, account_id = 'F' || account_id"
                        + " where tenant_id = $1",
                Tuple.of(tenant));
        String key = UUID.randomUUID().toString();
        try (Socket socket = begin(key)) {
            write(socket.getOutputStream(), String.join("\n", lines.subList(0, 500)) + "\n");
            await().atMost(PATIENCE).until(() -> count() == 2_500);
            PerennialPostgres.shared().terminateSessions(new TestDatabase("", 0, "auth", "", ""));
            write(socket.getOutputStream(), String.join("\n", lines.subList(500, 1_000)) + "\n");
            socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 201");
        }
        assertThat(count()).isEqualTo(3_000);
    }

    @Test
    void a_new_tenant_in_every_line_costs_no_more_statements() throws Exception {
        long before = statements();
        List<Map<String, Object>> lines = IntStream.range(0, 500)
                .mapToObj(i -> {
                    Map<String, Object> line = line("shop");
                    line.put("tenantId", tenant + "-" + i);
                    return line;
                })
                .toList();
        send(lines).body("imported", equalTo(500));
        assertThat(statements() - before)
                .as("statements for a batch of 500 lines")
                .isBetween(5L, 14L);
    }

    @Test
    void nobody_imports_for_tenants_that_are_not_his_and_sees_others_imports() throws Exception {
        String id = send(List.of(line("shop-1"))).extract().path("id");
        as("operator", "other")
                .contentType(NDJSON)
                .body(bytes(text(List.of(line("shop-2")))))
                .post("/api/imports")
                .then()
                .statusCode(201)
                .body("imported", equalTo(0))
                .body("faults.field", contains("tenantId"));
        assertThat(count()).isEqualTo(1);
        as("operator", "other").get("/api/imports/" + id).then().statusCode(404);
        as("operator", "other").get("/api/imports/" + id + "/faults").then().statusCode(404);
        as("operator", "other").get("/api/imports").then().body("items.id", not(hasItem(id)));
        admin().get("/api/imports").then().body("items.id", hasItem(id));
        as("viewer", "*")
                .contentType(NDJSON)
                .body(new byte[0])
                .post("/api/imports")
                .then()
                .statusCode(403);
        as("viewer", "*").get("/api/imports").then().statusCode(403);
        admin().body("{}").post("/api/imports").then().statusCode(415);
    }

    @Test
    void faults_are_read_in_pages() {
        String id = send(String.join(
                        "\n", IntStream.range(0, 120).mapToObj(i -> "{}").toList()))
                .body("failed", equalTo(120))
                .body("faults", hasSize(50))
                .extract()
                .path("id");
        String next = admin().get("/api/imports/" + id + "/faults?limit=200")
                .then()
                .body("items", hasSize(200))
                .body("items[0].line", equalTo(1))
                .body("next", notNullValue())
                .extract()
                .path("next");
        admin().get("/api/imports/" + id + "/faults?limit=200&cursor=" + next)
                .then()
                .body("items", hasSize(200))
                .body("items[0].line", org.hamcrest.Matchers.greaterThan(30));
        admin().get("/api/imports/" + id + "/faults?cursor=nonsense").then().statusCode(400);
    }

    private Map<String, Object> line(String externalId) {
        Map<String, Object> line = new HashMap<>();
        line.put("tenantId", tenant);
        line.put("externalId", externalId);
        line.put("provider", "AMAZON_SELLER");
        line.put("region", "EU");
        line.put("app", app);
        line.put("accountId", "A" + Integer.toUnsignedString((tenant + externalId).hashCode()) + "X");
        line.put("grantedAt", "2026-06-01T00:00:00Z");
        line.put("marketplaces", List.of("A1PA6795UKMFR9"));
        line.put("contacts", List.of(Map.of("name", "Ada", "email", "ada@shop.example")));
        line.put("refreshToken", CANARY + externalId);
        return line;
    }

    private List<String> lines(int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> line = line("shop-" + i);
            line.put("accountId", "ACC" + i);
            lines.add(JSON.writeValueAsString(line));
        }
        return lines;
    }

    private static String text(List<Map<String, Object>> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> line : lines) {
            text.append(JSON.writeValueAsString(line)).append('\n');
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RequestSpecification request() {
        return admin().contentType(NDJSON);
    }

    private static RequestSpecification keyed(String key) {
        return request().header("Idempotency-Key", key).queryParam("name", "sellers");
    }

    private ValidatableResponse send(List<Map<String, Object>> lines) throws IOException {
        return send(text(lines));
    }

    private ValidatableResponse send(String lines) {
        return request().body(bytes(lines)).post("/api/imports").then();
    }

    /** A request whose body is sent by hand. */
    private static Socket begin(String key) throws IOException {
        Socket socket = new Socket("localhost", RestAssured.port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        String head = "POST /api/imports?name=sellers HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + NDJSON
                + "\r\nAuthorization: Bearer " + SandboxProcess.shared().token("admin", "*")
                + "\r\nTransfer-Encoding: chunked\r\nIdempotency-Key: " + key + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void write(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Set-based ones and those of imports alone: connections of other tests are probed and written about meanwhile. */
    private static long statements() {
        long calls = 0;
        for (String form : List.of(
                "insert into connection (%",
                "insert into grant_record%unnest%",
                "insert into audit_entry%unnest%",
                "insert into tenant %unnest%",
                "insert into tenant_key%unnest%",
                // By owner, to seal: those by id belong to loops that look after others' connections meanwhile.
                "%from tenant_key%where owner = any%",
                "insert into outbox (%unnest%",
                "%import_run%",
                "%import_fault%")) {
            calls += PerennialPostgres.shared().calls("auth", form);
        }
        return calls;
    }

    private Map<String, Object> advertiser(String externalId, Advertiser advertiser, String account) throws Exception {
        Map<String, Object> line = line(externalId);
        line.put("provider", "AMAZON_ADS");
        line.put("app", adsApp);
        line.put("accountId", account);
        line.remove("marketplaces");
        line.put("refreshToken", tokenOf(advertiser));
        return line;
    }

    private static String tokenOf(Advertiser advertiser) throws IOException, InterruptedException {
        String back = "http://localhost:" + RestAssured.port + "/oauth/ads/callback";
        URI consent = URI.create(Amazon.url() + "/ads/eu/ap/oa?response_type=code&state=s&client_id="
                + registeredAds.path("clientId").asText() + "&scope=advertising%3A%3Acampaign_management&redirect_uri="
                + URLEncoder.encode(back, StandardCharsets.UTF_8));
        String code = Browser.parameter(new Browser().consent(consent, advertiser.login()), "code");
        return token(Amazon.url() + "/lwa/eu/auth/o2/token", registeredAds, code, back);
    }

    /** As the integrator got it: a consent and an exchange that we know nothing of. */
    private static String tokenOf(Amazon.Seller seller) throws IOException, InterruptedException {
        String back = "http://localhost:" + RestAssured.port + "/oauth/amazon/callback";
        URI consent = URI.create(Amazon.url() + "/seller-central/de/apps/authorize/consent?application_id="
                + registered.path("applicationId").asText() + "&state=s&redirect_uri="
                + URLEncoder.encode(back, StandardCharsets.UTF_8));
        String code = Browser.parameter(new Browser().consent(consent, seller), "spapi_oauth_code");
        return token(Amazon.url() + "/auth/o2/token", registered, code, back);
    }

    private static String token(String endpoint, JsonNode application, String code, String back)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=authorization_code&code=" + code + "&client_id="
                        + application.path("clientId").asText() + "&client_secret="
                        + application.path("clientSecret").asText() + "&redirect_uri="
                        + URLEncoder.encode(back, StandardCharsets.UTF_8)))
                .build();
        return JSON.readTree(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body())
                .path("refresh_token")
                .asText();
    }

    private Row connection(String externalId) {
        return done("select * from connection where tenant_id = $1 and external_id = $2", Tuple.of(tenant, externalId))
                .get(0);
    }

    private long count() {
        return done("select count(*) from connection where tenant_id = $1", Tuple.of(tenant))
                .get(0)
                .getLong(0);
    }

    private List<Row> done(String sql, Tuple values) {
        List<Row> rows = new ArrayList<>();
        pool.preparedQuery(sql).execute(values).await().atMost(PATIENCE).forEach(rows::add);
        return rows;
    }
}
