package io.perennial.auth.application;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.Registration;
import io.perennial.auth.Shop;
import io.perennial.auth.connection.ConnectionVerdicts;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class AppCustodyTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    SecretWatch watch;

    @Inject
    DomainClock clock;

    @Inject
    ConnectionVerdicts verdicts;

    @Inject
    SecretsConfig config;

    @Test
    void a_suspended_application_gives_no_token_and_asks_for_none_until_it_is_resumed() {
        Shop shop = new Shop();
        Seller ada = Amazon.nextSeller("EU");
        UUID connection = shop.connected("shop-1", ada);
        token(connection).statusCode(200);
        as("operator", "*").post(app(shop, "/suspend")).then().statusCode(403);
        try {
            admin().post(app(shop, "/suspend")).then().statusCode(200).body("suspendedAt.isEmpty()", equalTo(false));
            long before = Amazon.logEnd();
            token(connection)
                    .statusCode(503)
                    .body("code", equalTo("APP_SUSPENDED"))
                    .body("retryable", equalTo(true));
            as("operator", "*")
                    .post("/api/connections/" + connection + "/probe")
                    .then()
                    .statusCode(200)
                    .body("result", equalTo("UNKNOWN"))
                    .body("state", equalTo("ACTIVE"));
            TestClock.shared().advance(Duration.ofHours(7));
            assertThat(verdicts.claimDueProbes().await().atMost(PATIENCE)).doesNotContain(connection);
            assertThat(Amazon.log(before, call -> call.path("seller").asText().equals(ada.id())))
                    .isEmpty();
        } finally {
            admin().post(app(shop, "/resume")).then().statusCode(200);
        }
        token(connection).statusCode(200);
    }

    @Test
    void while_an_application_is_suspended_nobody_sets_out_to_authorize_it() {
        Shop shop = new Shop();
        UUID connection = shop.connection("shop-1", null);
        Browser browser = new Browser();
        URI link = shop.link(connection);
        Page landing = browser.get(link);
        admin().post(app(shop, "/suspend")).then().statusCode(200);
        try {
            Page paused = browser.submit(landing, 0, Map.of());
            assertThat(paused.status()).isEqualTo(503);
            assertThat(paused.html()).contains("Paused for the moment", shop.<String>get(connection, "reference"));
            admin().body(Map.of("connections", List.of(connection)))
                    .post("/api/consent-links")
                    .then()
                    .statusCode(503)
                    .body("code", equalTo("APP_SUSPENDED"));
        } finally {
            admin().post(app(shop, "/resume")).then().statusCode(200);
        }
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items.kind", not(hasItem("AUTHORIZATION_STARTED")));
        assertThat(browser.submit(landing, 0, Map.of()).status())
                .as("the link stays good")
                .isEqualTo(303);
    }

    @Test
    void the_trail_names_what_was_set_of_an_application_and_never_to_what() {
        String app = unused("told");
        admin().body(Map.of(
                        "clientSecret",
                        "canary-told",
                        "draft",
                        true,
                        "endpoints",
                        Map.of("token", Amazon.url() + "/canary", "api", Map.of("EU", Amazon.url() + "/canary"))))
                .patch("/api/apps/" + app)
                .then()
                .statusCode(200);

        assertThat(admin().get("/api/audit?limit=200&kind=APP_UPDATED").<List<String>>path("items.reason"))
                .contains(app + " clientSecret draft endpoints.token endpoints.api.EU");
    }

    @Test
    void both_secrets_work_while_a_rotation_overlaps_and_none_ever_comes_out() {
        Registration registration = Registration.ofSellers();
        String app = registration.enter();
        UUID connection = connected(app);
        String secret = Amazon.rotateSecret(registration.applicationId());
        int version = add(app, secret);
        assertThat(probe(connection)).isEqualTo("ALIVE");
        TestClock.shared().advance(Duration.ofDays(8));
        assertThat(probe(connection)).as("the former one is gone at Amazon").isEqualTo("ALIVE");

        // Amazon does not know the newest yet: the one before it is tried.
        int unknown = add(app, "canary-not-there-yet");
        assertThat(probe(connection)).isEqualTo("ALIVE");

        String shown = as("viewer", "*")
                .get("/api/apps/" + app + "/secrets")
                .then()
                .statusCode(200)
                .body("items.version", equalTo(List.of(unknown, version)))
                .extract()
                .asString();
        assertThat(shown).doesNotContain("canary").doesNotContain(secret);
        admin().delete("/api/apps/" + app + "/secrets/" + unknown).then().statusCode(204);
        admin().delete("/api/apps/" + app + "/secrets/" + version).then().statusCode(409);
        assertThat(probe(connection)).isEqualTo("ALIVE");
    }

    @Test
    void a_secret_that_was_never_rotated_ends_at_amazon_and_no_merchant_pays_for_it() {
        Registration registration = Registration.ofSellers();
        String app = registration.enter();
        UUID connection = connected(app);
        add(app, Amazon.rotateSecret(registration.applicationId()));
        TestClock.shared().advance(Duration.ofDays(181));
        assertThat(probe(connection)).isEqualTo("UNKNOWN");
        admin().get("/api/connections/" + connection).then().body("state", equalTo("ACTIVE"));

        add(app, Amazon.rotateSecret(registration.applicationId()));
        assertThat(probe(connection)).isEqualTo("ALIVE");
    }

    /** A connection of its own application: nobody else meets the end of its secret. */
    private static UUID connected(String app) {
        Shop shop = new Shop();
        Seller ada = Amazon.nextSeller("EU");
        UUID connection = Registration.connection(shop.tenant(), app, Map.of("expectedAccountId", ada.id()));
        shop.authorize(new Browser(), connection, ada);
        return connection;
    }

    @Test
    void operators_are_told_once_per_stage_that_the_newest_secret_ends() {
        Instant now = TestClock.shared().now();
        String app = unused("ends");
        try (Events events = Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.PLATFORM)) {
            addEnding(app, now.plus(Duration.ofDays(95)));
            round();
            TestClock.shared().advance(Duration.ofDays(6));
            round();
            round();
            // A jump over a stage tells the latest alone.
            TestClock.shared().advance(Duration.ofDays(80));
            round();
            List<ReceivedEvent> told = events.awaitCount(
                    2,
                    "stages",
                    event -> event.type().equals("ClientSecretExpiring")
                            && event.connectionId().equals(app));
            assertThat(told)
                    .extracting(event -> event.data().path("stage").asInt())
                    .containsExactly(90, 14);
            assertThat(told.get(1).data().path("daysLeft").asInt()).isEqualTo(9);
            assertThat(told.get(1).data().path("version").asInt()).isEqualTo(2);
            round();
            assertThat(events.upToNow().stream()
                            .filter(event -> event.connectionId().equals(app)))
                    .hasSize(2);
        }
    }

    /** The gauge of the secret that ends first, too, stood on that of a suspended application for ever. */
    @Test
    void the_secret_of_a_suspended_application_counts_again_when_it_is_resumed() {
        Instant now = TestClock.shared().now();
        String app = unused("rests");
        try (Events events = Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.PLATFORM)) {
            admin().post("/api/apps/" + app + "/suspend").then().statusCode(200);
            addEnding(app, now.plus(Duration.ofDays(20)));
            round();
            TestClock.shared().advance(Duration.ofDays(10));
            await().atMost(PATIENCE).until(() -> clock.instant().isAfter(now.plus(Duration.ofDays(10))));
            admin().post("/api/apps/" + app + "/resume").then().statusCode(200);
            round();
            assertThat(events.awaitCount(
                            1,
                            "stages",
                            event -> event.type().equals("ClientSecretExpiring")
                                    && event.connectionId().equals(app)))
                    .extracting(event -> event.data().path("stage").asInt())
                    .containsExactly(14);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01, 2026-06-30, ",
        "2026-04-01T00:00:00Z, 2026-06-30T00:00:00Z, 90",
        "2026-04-01, 2026-06-30, 90",
        "2026-05-31, 2026-06-30, 30",
        "2026-06-15, 2026-06-30, 30",
        "2026-06-16, 2026-06-30, 14",
        "2026-06-23, 2026-06-30, 7",
        "2026-06-29, 2026-06-30, 1",
        "2026-07-09, 2026-06-30, 1"
    })
    void the_stage_is_the_latest_that_was_reached(String now, String end, Integer stage) {
        assertThat(SecretStages.reached(config.stages(), at(now), at(end))).isEqualTo(stage);
    }

    @Test
    void every_read_of_a_token_is_recorded_by_consumer_and_minute() {
        Shop shop = new Shop();
        UUID connection = shop.connected("shop-1", Amazon.nextSeller("EU"));
        for (int i = 0; i < 3; i++) {
            token(connection).statusCode(200);
        }
        await().atMost(PATIENCE).untilAsserted(() -> as("viewer", shop.tenant())
                .get("/api/connections/" + connection + "/token-reads")
                .then()
                .statusCode(200)
                .body("items.reads.sum()", equalTo(3))
                .body("items.consumer.isEmpty()", equalTo(false)));
        as("viewer", "other")
                .get("/api/connections/" + connection + "/token-reads")
                .then()
                .statusCode(404);
    }

    /** An application of its own without connections. */
    private static String unused(String name) {
        return admin().body(Map.of(
                        "name", name + "-" + UUID.randomUUID(),
                        "provider", "AMAZON_SELLER",
                        "clientId", "c",
                        "clientSecret", "canary",
                        "applicationId", "a",
                        "redirectUri", "https://app.example/callback"))
                .post("/api/apps")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static void addEnding(String app, Instant end) {
        admin().body(Map.of("clientSecret", "canary", "expiresAt", end.toString()))
                .post("/api/apps/" + app + "/secrets")
                .then()
                .statusCode(201);
    }

    private void round() {
        watch.round().await().atMost(PATIENCE);
    }

    private static Instant at(String text) {
        return Instant.parse(text.length() == 10 ? text + "T00:00:00Z" : text);
    }

    private static int add(String app, String secret) {
        return admin().body(Map.of("clientSecret", secret))
                .post("/api/apps/" + app + "/secrets")
                .then()
                .statusCode(201)
                .extract()
                .path("version");
    }

    private static String app(Shop shop, String path) {
        return "/api/apps/" + shop.application() + path;
    }

    private static ValidatableResponse token(UUID connection) {
        return as("token-reader", "*")
                .post("/api/connections/" + connection + "/access-token")
                .then();
    }

    private static String probe(UUID connection) {
        return as("operator", "*")
                .post("/api/connections/" + connection + "/probe")
                .then()
                .statusCode(200)
                .extract()
                .path("result");
    }
}
