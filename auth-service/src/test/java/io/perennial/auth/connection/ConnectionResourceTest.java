package io.perennial.auth.connection;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.auth.Api;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class ConnectionResourceTest {
    @Inject
    Pool pool;

    private final String tenant = "t" + UUID.randomUUID();

    @BeforeEach
    void an_application() {
        new Shop();
    }

    @Test
    void a_connection_is_created_and_announced_with_its_state() {
        try (Events events = Events.fromNow(
                PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS, Topics.CONNECTION_STATE)) {
            UUID id = create("shop-1");

            var created = events.await("ConnectionCreated", id.toString());
            assertThat(created.data().path("tenantId").asText()).isEqualTo(tenant);
            assertThat(created.headers()).containsEntry("ce_source", "/perennial/auth-service");
            assertThat(created.headers()).containsKey("traceparent");
            var state = events.await("ConnectionState", id.toString());
            assertThat(state.data().path("usable").asBoolean(true)).isFalse();
            assertThat(Long.valueOf(state.headers().get("ce_sequence")))
                    .isGreaterThan(Long.valueOf(created.headers().get("ce_sequence")));
        }
    }

    @Test
    void a_connection_shows_all_of_itself() {
        UUID id = create("shop-1");
        admin().get("/api/connections/" + id)
                .then()
                .statusCode(200)
                .body("state", equalTo("PENDING"))
                .body("generation", equalTo(0))
                .body("contacts[0].email", equalTo("ada@shop.example"))
                .body("marketplaces", contains("A1PA6795UKMFR9"))
                .body("setup", contains("CONSENT_MISSING"))
                .body("needsConsent", equalTo(true))
                .body("accountId", nullValue());
    }

    @Test
    void the_same_external_id_is_refused_until_the_first_is_given_up() {
        UUID id = create("shop-1");
        admin().body(Api.connection(tenant, "shop-1"))
                .post("/api/connections")
                .then()
                .statusCode(409);

        admin().delete("/api/connections/" + id).then().statusCode(204);
        admin().delete("/api/connections/" + id).then().statusCode(204);

        assertThat(create("shop-1")).isNotEqualTo(id);
        admin().get("/api/connections/" + id).then().body("state", equalTo("DISCONNECTED"));
    }

    @Test
    void an_idempotency_key_gives_the_same_connection_and_refuses_another_request() {
        Map<String, Object> body = Api.connection(tenant, "shop-1");
        String key = UUID.randomUUID().toString();
        String first = keyed(body, key).statusCode(201).extract().path("id");
        String second = keyed(body, key).statusCode(201).extract().path("id");
        assertThat(second).isEqualTo(first);
        keyed(Api.connection(tenant, "shop-2"), key).statusCode(422).body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "externalId | null",
                "label | \"\"",
                "label | 7",
                "region | \"MARS\"",
                "provider | \"EBAY\"",
                "tenantId | \"a b\"",
                "marketplaces | [\"ATVPDKIKX0DER\"]",
                "marketplaces | [\"nonsense\"]",
                "marketplaces | \"A1PA6795UKMFR9\"",
                "expectedAccountId | \"lower\"",
                "state | \"ACTIVE\"",
                "app | \"nobody\""
            })
    void a_wrong_field_is_named_and_nothing_is_stored(String field, String json) {
        String body = "{\"tenantId\":\"" + tenant
                + "\",\"externalId\":\"x\",\"provider\":\"AMAZON_SELLER\",\"region\":\"EU\",\"label\":\"x\"}";
        String changed = body.replaceFirst("\"" + field + "\":\"[^\"]*\",?", "")
                .replaceFirst(",?}$", ",\"" + field + "\":" + json + "}");
        admin().body(changed)
                .post("/api/connections")
                .then()
                .statusCode(400)
                .body("errors.field", hasItem(org.hamcrest.Matchers.startsWith(field)));
        admin().get("/api/connections?tenant=" + tenant).then().body("items", hasSize(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@shop.example\r\nBcc: x@y.example",
                "ada@shop.example\n",
                "ada@shop.example,bob@shop.example",
                "<a@x.example>b@y.example",
                "\"a b\"@x.example",
                "a(comment)@x.example",
                "a@localhost",
                "a..b@x.example",
                "@x.example",
                "a@x.example\u2028",
                "=?utf-8?q?a?=@x.example ",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@x.example"
            })
    void an_address_that_is_not_exactly_one_mailbox_is_refused(String address) {
        Map<String, Object> body = new HashMap<>(Api.connection(tenant, "x"));
        body.put("contacts", List.of(Map.of("name", "Ada", "email", address)));
        admin().body(body)
                .post("/api/connections")
                .then()
                .statusCode(400)
                .body("errors.field", contains("contacts[0].email"));
    }

    @Test
    void another_tenants_connection_does_not_exist() {
        UUID id = create("shop-1");
        as("operator", "other").get("/api/connections/" + id).then().statusCode(404);
        as("operator", "other")
                .body(Map.of("label", "x"))
                .patch("/api/connections/" + id)
                .then()
                .statusCode(404);
        as("operator", "other").delete("/api/connections/" + id).then().statusCode(404);
        as("operator", "other")
                .get("/api/connections/" + id + "/history")
                .then()
                .statusCode(404);
        as("operator", "other").get("/api/connections?tenant=" + tenant).then().body("items", hasSize(0));
        as("operator", "other")
                .body(Api.connection(tenant, "x"))
                .post("/api/connections")
                .then()
                .statusCode(403);
        as("viewer", tenant).get("/api/connections/" + id).then().statusCode(200);
        as("viewer", tenant).delete("/api/connections/" + id).then().statusCode(403);
    }

    @Test
    void lists_are_filtered_searched_and_paged() {
        for (int i = 0; i < 5; i++) {
            create("shop-" + i);
        }
        String next = admin().get("/api/connections?limit=3&tenant=" + tenant)
                .then()
                .body("items.externalId", contains("shop-4", "shop-3", "shop-2"))
                .extract()
                .path("next");
        admin().get("/api/connections?limit=3&tenant=" + tenant + "&cursor=" + next)
                .then()
                .body("items.externalId", contains("shop-1", "shop-0"))
                .body("next", nullValue());
        admin().get("/api/connections?q=SHOP-3&tenant=" + tenant).then().body("items", hasSize(1));
        admin().get("/api/connections?q=%25&tenant=" + tenant).then().body("items", hasSize(0));
        admin().get("/api/connections?needsConsent=true&state=PENDING,ACTIVE&region=EU&provider=AMAZON_SELLER&tenant="
                        + tenant)
                .then()
                .body("items", hasSize(5));
        admin().get("/api/connections?state=ACTIVE&tenant=" + tenant).then().body("items", hasSize(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=x", "limit=201", "cursor=!!!", "cursor=YQ", "state=X", "endsBefore=1"})
    void a_wrong_filter_is_refused(String query) {
        admin().urlEncodingEnabled(false)
                .get("/api/connections?" + query)
                .then()
                .statusCode(400);
    }

    @Test
    void a_change_keeps_what_it_does_not_name_and_leaves_a_line_in_the_history() {
        UUID id = create("shop-1");
        admin().body(Map.of("label", "New name"))
                .patch("/api/connections/" + id)
                .then()
                .statusCode(200)
                .body("label", equalTo("New name"))
                .body("contacts", hasSize(1));
        admin().body(Map.of("accountId", "A1"))
                .patch("/api/connections/" + id)
                .then()
                .statusCode(400);
        admin().body(Map.of("endsAt", "2030-01-01T00:00:00Z"))
                .patch("/api/connections/" + id)
                .then()
                .statusCode(400);
        admin().get("/api/connections/" + id + "/history")
                .then()
                .body("items.kind", contains("CONNECTION_UPDATED", "CONNECTION_CREATED"))
                .body("items[0].actor", org.hamcrest.Matchers.notNullValue());
    }

    /** What consumers of events would refuse is not let in. */
    @ParameterizedTest
    @ValueSource(strings = {"1999-12-31T23:59:59.999999Z", "2200-01-01T00:00:00Z", "+1000000-01-01T00:00:00Z"})
    void an_end_that_no_grant_has_is_refused_by_name(String end) {
        admin().body(Map.of("endsAt", end))
                .patch("/api/connections/" + create("shop-1"))
                .then()
                .statusCode(400)
                .body("errors.find { it.field == 'endsAt' }.message", equalTo("must be a plausible date"));
    }

    @Test
    void an_application_never_shows_its_secret() {
        String id = Api.app("AMAZON_VENDOR");
        String shown =
                admin().get("/api/apps/" + id).then().statusCode(200).extract().asString();
        assertThat(shown).doesNotContain("canary").doesNotContain("ecret");
        admin().body(Map.of("clientSecret", "canary-other"))
                .patch("/api/apps/" + id)
                .then()
                .statusCode(200);
        as("operator", "*")
                .body(Map.of("draft", true))
                .patch("/api/apps/" + id)
                .then()
                .statusCode(403);
    }

    @Test
    void a_tenant_is_described_as_a_whole() {
        create("shop-1");
        admin().body(Map.of("name", "Acme", "supportEmail", "help@acme.example", "colour", "#0A66C2"))
                .put("/api/tenants/" + tenant)
                .then()
                .statusCode(200)
                .body("integrator", equalTo("Acme"))
                .body("timeZone", equalTo("UTC"));
        admin().body(Map.of("name", "Acme", "timeZone", "Europe/Berlin"))
                .put("/api/tenants/" + tenant)
                .then()
                .statusCode(200)
                .body("timeZone", equalTo("Europe/Berlin"));
        admin().body(Map.of("name", "Acme", "colour", "red", "timeZone", "Berlin"))
                .put("/api/tenants/" + tenant)
                .then()
                .statusCode(400)
                .body("errors.field", contains("colour", "timeZone"));
        as("operator", "other").get("/api/tenants/" + tenant).then().statusCode(404);
    }

    @Test
    void a_tenant_chooses_its_stages_and_everyone_hears_of_it() {
        try (Events events = Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.TENANT_STATE)) {
            admin().body(Map.of("name", "Acme", "stages", List.of(60, 14, 3), "overdueWeeks", 4))
                    .put("/api/tenants/" + tenant)
                    .then()
                    .statusCode(200)
                    .body("stages", contains(60, 14, 3, 0))
                    .body("overdueWeeks", equalTo(4));
            var chosen = events.await("TenantState", tenant);
            assertThat(chosen.key()).isEqualTo(tenant);
            assertThat(chosen.data().path("tenantId").asText()).isEqualTo(tenant);
            assertThat(chosen.data().path("stages").toString()).isEqualTo("[60,14,3,0]");
            assertThat(chosen.data().path("overdueWeeks").asInt()).isEqualTo(4);

            admin().body(Map.of("name", "Acme"))
                    .put("/api/tenants/" + tenant)
                    .then()
                    .statusCode(200)
                    .body("stages", nullValue());
            var usual = events.await(
                    "the second state",
                    event -> event.connectionId().equals(tenant) && sequence(event) == sequence(chosen) + 1);
            assertThat(usual.data().has("stages")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stages[1] | {\"stages\": [9, 16]}",
                "stages | {\"stages\": [9, 9]}",
                "stages[0] | {\"stages\": [365]}",
                "stages[1] | {\"stages\": [9, -1]}",
                "stages | {\"stages\": []}",
                "stages | {\"stages\": [null]}",
                "overdueWeeks | {\"overdueWeeks\": 9}",
                "overdueWeeks | {\"overdueWeeks\": -1}"
            })
    void stages_that_are_no_plan_are_named(String field, String stages) throws Exception {
        Map<String, Object> body = new ObjectMapper().readValue(stages, new TypeReference<>() {});
        body.put("name", "Acme");
        admin().body(body).put("/api/tenants/" + tenant).then().statusCode(400).body("errors[0].field", equalTo(field));
    }

    private static long sequence(ReceivedEvent event) {
        return Long.parseLong(event.headers().get("ce_sequence"));
    }

    private UUID create(String externalId) {
        return UUID.fromString(admin().body(Api.connection(tenant, externalId))
                .post("/api/connections")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    @Test
    void a_connection_that_is_given_up_keeps_no_name_or_address_of_a_person() {
        UUID id = create("shop-1");
        admin().get("/api/connections/" + id).then().body("contacts.email", contains("ada@shop.example"));
        admin().delete("/api/connections/" + id).then().statusCode(204);
        admin().get("/api/connections/" + id).then().statusCode(200).body("contacts", empty());
        assertThat(pool.preparedQuery("select c::text from connection c where id = $1")
                        .execute(Tuple.of(id))
                        .await()
                        .atMost(Duration.ofMinutes(1))
                        .iterator()
                        .next()
                        .getString(0))
                .doesNotContain("ada@shop.example", "Ada");
    }

    @Test
    void each_tenant_has_keys_of_its_own_and_one_key_at_once_makes_one_connection() throws Exception {
        String other = new Shop().tenant();
        String key = UUID.randomUUID().toString();
        List<Callable<String>> requests = Collections.nCopies(8, () -> keyed(Api.connection(tenant, "shop-1"), key)
                .statusCode(201)
                .extract()
                .path("id"));
        ExecutorService threads = Executors.newFixedThreadPool(requests.size());
        Set<String> made = new HashSet<>();
        try {
            for (Future<String> one : threads.invokeAll(requests)) {
                made.add(one.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(made).hasSize(1);

        keyed(as("operator", other), Api.connection(other, "shop-1"), key)
                .statusCode(201)
                .body("id", not(in(made)))
                .body("tenantId", equalTo(other));
        keyed(as("operator", other), Api.connection(tenant, "shop-1"), key)
                .statusCode(403)
                .body("errors[0].field", equalTo("tenantId"));
        keyed(Api.connection("t".repeat(65), "shop-1"), key)
                .statusCode(400)
                .body("errors[0].field", equalTo("tenantId"));
    }

    private ValidatableResponse keyed(Map<String, Object> body, String key) {
        return keyed(admin(), body, key);
    }

    private static ValidatableResponse keyed(RequestSpecification caller, Map<String, Object> body, String key) {
        return caller.header("Idempotency-Key", key)
                .body(body)
                .post("/api/connections")
                .then();
    }
}
