package io.perennial.fetch.backfill;

import static io.perennial.fetch.Stage.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpServer;
import io.perennial.fetch.FetchService;
import io.perennial.fetch.Stage;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots of advertising profiles, against the sandbox and against answers that Amazon should not give. */
@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class ProfileSnapshotTest {
    private static final Duration STEP = Duration.ofSeconds(20);
    private static final String SHOP = "{\"profileId\":9007199254740993,\"currencyCode\":\"EUR\",\"dailyBudget\":10}";

    @Inject
    Pool pool;

    @BeforeEach
    void settings() {
        as("admin")
                .body("{\"mode\":\"STATUS_MATCHES\",\"statuses\":[429],\"mostAttempts\":3,\"multiply\":true}")
                .put("/api/retry-settings/AMAZON_ADS")
                .then()
                .statusCode(200);
    }

    @Test
    void each_chosen_profile_is_told_as_it_stands_and_one_without_access_as_such() {
        try (Stage stage = Stage.advertiser("EU", 1)) {
            List<String> open = stage.amazon.profiles(stage.seller);
            stage.authorized();
            chosen(stage, open.get(0), "1152921504606846977");
            String id = fetch(stage);
            ReceivedEvent completed = stage.completedInTime("MANUAL", STEP);

            assertThat(completed.data().path("profiles").asInt()).isEqualTo(1);
            List<ReceivedEvent> taken = stage.told("ProfileSnapshotTaken");
            assertThat(taken).hasSize(2).allSatisfy(event -> assertThat(Stage.fetchId(event))
                    .isEqualTo(id));
            assertThat(Long.parseLong(taken.get(0).data().path("profileId").asText()))
                    .isGreaterThan(1L << 53);
            assertThat(taken.get(0).data().path("access").asText()).isEqualTo("OPEN");
            assertThat(taken.get(0).data().path("accountId").asText()).isEqualTo(stage.seller.id());
            assertThat(taken.get(0).data().path("timezone").asText()).isNotEmpty();
            assertThat(taken.get(1).data().path("access").asText()).isEqualTo("NO_ACCESS");
            stage.awaitNewest("COMPLETED", "PROFILES_WITHOUT_ACCESS");
            today(stage, "COMPLETE", 1);

            stage.amazon.withdraw(stage.seller, open.get(0));
            fetch(stage);
            stage.awaitNewest("FAILED", "NO_PROFILE_OPEN");
            stage.events.awaitCount(
                    4,
                    "snapshots",
                    event -> event.type().equals("ProfileSnapshotTaken")
                            && event.connectionId().equals(stage.id.toString()));
        }
    }

    @Test
    void what_no_event_told_auth_service_is_asked_for_and_a_choice_of_nothing_ends_it() {
        try (Stage stage = Stage.advertiser("EU", 2)) {
            stage.authorized();
            fetch(stage);
            stage.awaitNewest("FAILED", "NO_PROFILES_CHOSEN");
            today(stage, "FAILED", 0);
            stage.grant.choose(List.of(stage.amazon.profiles(stage.seller).get(0)));
            fetch(stage);
            assertThat(stage.completedInTime("MANUAL", STEP)
                            .data()
                            .path("profiles")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void a_day_that_is_over_or_another_window_can_not_be_asked_for() {
        try (Stage stage = Stage.advertiser("EU", 3)) {
            stage.authorized();
            stage.grant.refuse("CONNECTION_SUSPECT");
            fetch(stage);
            as("operator", stage.tenant)
                    .body("{\"connections\":[\"%s\"],\"from\":\"%s\"}"
                            .formatted(stage.id, stage.clock.now().minus(Duration.ofDays(2))))
                    .post("/api/fetches")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("SNAPSHOT_OF_TODAY"));
            stage.clock.advance(Duration.ofDays(1));
            stage.awaitNewest("FAILED", "DAY_OVER");
            assertThat(stage.told("ProfileSnapshotTaken")).isEmpty();
        }
    }

    @Test
    void a_429_is_asked_again_when_it_says_so() {
        try (Stage stage = Stage.advertiser("FE", 1);
                Ads ads = new Ads(n -> n == 1 ? new Ads.Answer(429, "", "120") : Ads.listing(SHOP))) {
            begin(stage, ads);
            stage.awaitNewest("RUNNING", "THROTTLED");
            Instant next = Instant.parse(stage.fetches().getString("fetches[0].nextAttemptAt"));
            assertThat(Duration.between(stage.clock.now(), next))
                    .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(120));
            stage.clock.advance(Duration.ofSeconds(121));
            stage.completed("MANUAL");
            assertThat(ads.requests.get()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "99999999999999999999"})
    void a_429_that_does_not_say_when_is_asked_again_after_a_pause_of_ours(String retryAfter) {
        try (Stage stage = Stage.advertiser("FE", 1);
                Ads ads = new Ads(n -> n < 3 ? new Ads.Answer(429, "", retryAfter) : Ads.listing(SHOP))) {
            begin(stage, ads);
            ReceivedEvent completed = stage.completedInTime("MANUAL", STEP);
            assertThat(completed.data().path("profiles").asInt()).isEqualTo(1);
            assertThat(stage.told("ProfileSnapshotTaken")
                            .get(0)
                            .data()
                            .path("profileId")
                            .asText())
                    .isEqualTo("9007199254740993");
        }
    }

    @Test
    void a_429_after_auth_service_was_away_for_long_is_the_first_one() {
        try (Stage stage = Stage.advertiser("FE", 1);
                Ads ads = new Ads(n -> n == 1 ? new Ads.Answer(429, "", "1") : Ads.listing(SHOP))) {
            stage.grant.refuse("AUTH_SERVICE_UNAVAILABLE");
            begin(stage, ads);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        stage.clock.advance(Duration.ofMinutes(1));
                        return stage.grant.asked() > 3;
                    });
            stage.grant.refuse("");
            stage.completedInTime("MANUAL", STEP);
            assertThat(ads.requests.get()).isEqualTo(2);
        }
    }

    @Test
    void endless_429s_end_as_the_settings_say() {
        try (Stage stage = Stage.advertiser("FE", 1);
                Ads ads = new Ads(n -> new Ads.Answer(429, "", "1"))) {
            begin(stage, ads);
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                stage.clock.advance(Duration.ofSeconds(2));
                return "FAILED".equals(stage.fetches().getString("fetches[0].state"));
            });
            stage.awaitNewest("FAILED", "STILL_THROTTLED");
            assertThat(ads.requests.get()).isEqualTo(4);
        }
    }

    @Test
    void pages_of_a_proxy_are_no_verdict() {
        try (Stage stage = Stage.advertiser("FE", 1);
                Ads ads = new Ads(n -> n < 3 ? new Ads.Answer(200, "<html>sorry</html>", "") : Ads.listing(SHOP))) {
            begin(stage, ads);
            stage.completedInTime("MANUAL", STEP);
        }
    }

    /** In a region of its own: when its server is gone, what is left over must not open the breaker for others. */
    private void begin(Stage stage, Ads ads) {
        stage.grant.endpoint(ads.url());
        stage.authorized();
        chosen(stage, "9007199254740993");
        fetch(stage);
    }

    private void chosen(Stage stage, String... profiles) {
        stage.chosen(List.of(profiles));
        await().until(() -> pool.preparedQuery("select 1 from chosen_profiles where connection_id = $1")
                        .execute(Tuple.of(stage.id))
                        .await()
                        .indefinitely()
                        .size()
                == 1);
    }

    /** Asks for a snapshot as soon as the connection is known. */
    private static String fetch(Stage stage) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> as("operator", stage.tenant)
                                .body("{\"connections\":[\"" + stage.id + "\"]}")
                                .post("/api/fetches")
                                .path("fetches[0].id"),
                        id -> id != null);
    }

    private static void today(Stage stage, String status, int profiles) {
        LocalDate today = stage.clock.now().atOffset(ZoneOffset.UTC).toLocalDate();
        as("viewer", stage.tenant)
                .get("/api/load-status?connection=" + stage.id + "&from=" + today + "&to=" + today)
                .then()
                .statusCode(200)
                .body("connections[0].days[0].status", equalTo(status))
                .body("connections[0].days[0].profiles", equalTo(profiles));
    }

    /** An Ads API whose answers the test makes from their number. */
    private static final class Ads implements AutoCloseable {
        final AtomicInteger requests = new AtomicInteger();
        private final HttpServer server;

        /** @param retryAfter empty for none */
        record Answer(int status, String body, String retryAfter) {}

        Ads(IntFunction<Answer> script) {
            try {
                server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            server.createContext("/v2/profiles", exchange -> {
                Answer answer = script.apply(requests.incrementAndGet());
                byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                if (!answer.retryAfter().isEmpty()) {
                    exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
                }
                exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
        }

        static Answer listing(String... profiles) {
            return new Answer(200, "[" + String.join(",", profiles) + "]", "");
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
