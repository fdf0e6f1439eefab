package io.perennial.fetch.backfill;

import static io.perennial.fetch.Stage.as;
import static io.perennial.fetch.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpExchange;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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

    @Test
    void an_answer_that_drips_has_an_end() {
        try (Stage stage = Stage.advertiser("FE", 1);
                Ads ads = new Ads(n -> n == 1 ? Ads.DRIPPING : Ads.listing(SHOP))) {
            begin(stage, ads);
            stage.awaitNewest("WAITING", "PROVIDER_TIMEOUT");
            await().until(() -> ads.hangUps.get() == 1);
            stage.completedInTime("MANUAL", STEP);
        }
    }

    @Test
    void a_choice_that_comes_while_amazon_is_asked_is_the_one_that_is_told() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(1);
        try (Stage stage = Stage.advertiser("FE", 1);
                Ads ads = new Ads(n -> {
                    asked.countDown();
                    pass(changed);
                    return Ads.listing(SHOP, "{\"profileId\":7}");
                })) {
            begin(stage, ads);
            pass(asked);
            stage.chosen(List.of("7"));
            await().until(() -> chosen(stage).equals(List.of("7")));
            changed.countDown();
            stage.completedInTime("MANUAL", STEP);
            assertThat(stage.told("ProfileSnapshotTaken"))
                    .extracting(event -> event.data().path("profileId").asText())
                    .containsExactly("7");
        }
    }

    @Test
    void auth_service_that_does_not_tell_profiles_is_no_outage_of_amazon() {
        try (Stage stage = Stage.advertiser("NA", 3)) {
            stage.grant.choose(stage.amazon.profiles(stage.seller).subList(0, 1));
            stage.grant.answerProfilesWith(404);
            stage.authorized();
            fetch(stage);
            stage.awaitNewest("WAITING", "CONNECTION_UNKNOWN");
            stage.grant.answerProfilesWith(503);
            // One more than open the breaker.
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        stage.clock.advance(STEP);
                        return stage.grant.askedForProfiles() > 5;
                    });
            stage.awaitNewest("WAITING", "AUTH_SERVICE_UNAVAILABLE");
            assertThat(pool.query("select 1 from provider_outage where region = 'ADS_NA'")
                            .execute()
                            .await()
                            .indefinitely()
                            .size())
                    .isZero();
            stage.grant.answerProfilesWith(200);
            stage.completedInTime("MANUAL", STEP);
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
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
        await().until(() -> chosen(stage).equals(List.of(profiles)));
    }

    private List<String> chosen(Stage stage) {
        List<String> chosen = new ArrayList<>();
        pool.preparedQuery("select unnest(profiles) from chosen_profiles where connection_id = $1")
                .execute(Tuple.of(stage.id))
                .await()
                .indefinitely()
                .forEach(row -> chosen.add(row.getString(0)));
        return chosen;
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
        /** Says that much is to come, and then sends a byte now and then. */
        static final Answer DRIPPING = new Answer(200, "dripping", "");

        final AtomicInteger requests = new AtomicInteger();
        final AtomicInteger hangUps = new AtomicInteger();
        private final HttpServer server;
        private final CountDownLatch closing = new CountDownLatch(1);
        private final ExecutorService threads = Executors.newCachedThreadPool();

        /** @param retryAfter empty for none */
        record Answer(int status, String body, String retryAfter) {}

        Ads(IntFunction<Answer> script) {
            try {
                server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            server.setExecutor(threads);
            server.createContext("/v2/profiles", exchange -> {
                Answer answer = script.apply(requests.incrementAndGet());
                if (answer.equals(DRIPPING)) {
                    drip(exchange);
                    return;
                }
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

        private void drip(HttpExchange exchange) throws IOException {
            exchange.sendResponseHeaders(200, 1 << 20);
            try (exchange) {
                while (!closed(Duration.ofMillis(200))) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                }
            } catch (IOException hungUp) {
                hangUps.incrementAndGet();
            }
        }

        private boolean closed(Duration within) {
            try {
                return closing.await(within.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return true;
            }
        }

        static Answer listing(String... profiles) {
            return new Answer(200, "[" + String.join(",", profiles) + "]", "");
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            closing.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
