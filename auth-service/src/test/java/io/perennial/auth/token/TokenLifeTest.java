package io.perennial.auth.token;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.EventSender;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.TokenExpiring;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class TokenLifeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Pool pool;

    private Shop shop;
    private Seller seller;

    @BeforeEach
    void a_shop() {
        shop = new Shop();
        seller = Amazon.nextSeller("EU");
    }

    @AfterEach
    void no_trouble() {
        Amazon.faults();
    }

    @Test
    void sixty_four_callers_get_one_token_by_one_refresh() throws Exception {
        UUID connection = shop.connected("shop-1", seller);
        TestClock.shared().advance(Duration.ofMinutes(59).plusSeconds(30));
        long before = Amazon.logEnd();
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try {
            Callable<String> call = () -> as("token-reader", "*")
                    .post("/api/connections/" + connection + "/access-token")
                    .then()
                    .statusCode(200)
                    .body("apiEndpoint", equalTo(Amazon.url() + "/sp-api/eu"))
                    .body("accessToken", startsWith("Atza|"))
                    .extract()
                    .path("accessToken");
            Set<String> tokens = new HashSet<>();
            for (Future<String> one : threads.invokeAll(Collections.nCopies(64, call))) {
                tokens.add(one.get());
            }
            assertThat(tokens).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(Amazon.log(
                        before,
                        line -> line.path("grantType").asText().equals("refresh_token")
                                && line.path("seller").asText().equals(seller.id())))
                .hasSize(1);
    }

    @Test
    void who_may_not_read_tokens_gets_none() {
        UUID connection = shop.connected("shop-1", seller);
        as("admin", "*").post(token(connection)).then().statusCode(403);
        as("token-reader", "other").post(token(connection)).then().statusCode(404);
        UUID pending = shop.connection("shop-2", null);
        as("token-reader", "*").post(token(pending)).then().statusCode(409).body("code", equalTo("CONNECTION_PENDING"));
    }

    @Test
    void a_revoked_grant_is_suspect_first_and_revoked_at_the_second_look() {
        UUID connection = shop.connected("shop-1", seller);
        try (Events events = events()) {
            Amazon.revoke(seller);
            assertThat(probe(connection)).isEqualTo("SUSPECT");
            as("token-reader", "*")
                    .post(token(connection))
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("CONNECTION_SUSPECT"))
                    .body("retryable", equalTo(true));
            assertThat(probe(connection)).as("too early for a second verdict").isEqualTo("SUSPECT");

            TestClock.shared().advance(Duration.ofMinutes(2).plusSeconds(5));
            events.await("TokenRevoked", connection.toString(), 1);
            assertThat(shop.state(connection)).isEqualTo("REVOKED");

            shop.authorize(new Browser(), connection, seller);
            events.await("TokenRenewed", connection.toString(), 2);
            assertThat(shop.state(connection)).isEqualTo("ACTIVE");
        }
    }

    @Test
    void a_revocation_is_noticed_without_use_within_six_hours() {
        UUID connection = shop.connected("shop-1", seller);
        try (Events events = events()) {
            Amazon.revoke(seller);
            TestClock.shared().advance(Duration.ofHours(6).plusSeconds(1));
            await().atMost(PATIENCE).until(() -> !shop.state(connection).equals("ACTIVE"));
            TestClock.shared().advance(Duration.ofMinutes(2).plusSeconds(5));
            events.await("TokenRevoked", connection.toString(), 1);
        }
    }

    @Test
    void faults_of_the_platform_change_nobodys_state() {
        UUID connection = shop.connected("shop-1", seller);
        Amazon.faults(Map.of("operation", "token", "kind", "500", "probability", 1.0, "seed", 1));
        for (int i = 0; i < 3; i++) {
            probeUnknown(connection);
        }
        Amazon.faults(Map.of("operation", "token", "kind", "client-secret-expired", "probability", 1.0, "seed", 1));
        probeUnknown(connection);
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
        Amazon.faults();
        assertThat(probe(connection)).isEqualTo("ACTIVE");
    }

    @Test
    void at_its_end_a_refused_grant_is_expired_and_a_late_event_has_no_effect() {
        UUID connection = shop.connected("shop-1", seller);
        Instant end = Instant.parse(shop.get(connection, "endsAt"));
        try (Events events = events()) {
            TestClock.shared().advance(Duration.ofDays(365).plusMinutes(1));
            announceEnd(connection, 1, end);
            var expired = events.await("TokenExpired", connection.toString(), 1);
            assertThat(Instant.parse(expired.data().path("endsAt").asText())).isEqualTo(end);
            assertThat(shop.state(connection)).isEqualTo("EXPIRED");

            shop.authorize(new Browser(), connection, seller);
            events.await("TokenRenewed", connection.toString(), 2);
            awaitHandled(connection, end);
            assertThat(shop.state(connection)).isEqualTo("ACTIVE");
            assertThat(events.upToNow().stream()
                            .filter(event -> event.connectionId().equals(connection.toString()))
                            .map(ReceivedEvent::type))
                    .doesNotContain("TokenRevoked")
                    .endsWith("TokenRenewed");
        }
    }

    @Test
    void overdue_without_a_stage_0_counts_as_the_end() {
        UUID connection = shop.connected("shop-1", seller);
        Instant end = Instant.parse(shop.get(connection, "endsAt"));
        try (Events events = events()) {
            TestClock.shared().advance(Duration.ofDays(380));
            EventSender.send(new RenewalOverdue(about(connection, 1), 2, end));
            events.await("TokenExpired", connection.toString(), 1);
            assertThat(shop.state(connection)).isEqualTo("EXPIRED");
        }
    }

    @Test
    void a_grant_that_outlives_its_end_is_overdue_and_stays_usable() {
        UUID connection = shop.connected("shop-1", seller);
        overdue(connection);
        as("token-reader", "*").post(token(connection)).then().statusCode(200);
        assertThat(probe(connection)).isEqualTo("OVERDUE");

        Amazon.revoke(seller);
        assertThat(probe(connection)).as("after its end there is no doubt").isEqualTo("EXPIRED");
    }

    @Test
    void an_overdue_grant_whose_end_is_corrected_to_a_later_day_is_active_once_it_was_probed() {
        UUID connection = shop.connected("shop-1", seller);
        Instant end = overdue(connection);

        Instant later = end.plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
        correct(connection, later)
                .body("id", equalTo(connection.toString()))
                .body("state", equalTo("OVERDUE"))
                .body("endsAt", equalTo(later.toString()))
                .body("advice", containsString("OVERDUE until the next probe"));
        await().atMost(PATIENCE).until(() -> shop.state(connection).equals("ACTIVE"));
        correct(connection, later).body("advice", nullValue());

        TestClock.shared().advance(Duration.ofDays(30).plusMinutes(1));
        announceEnd(connection, 1, later);
        await().atMost(PATIENCE).until(() -> shop.state(connection).equals("OVERDUE"));

        correct(connection, later.plus(Duration.ofDays(30)));
        await().atMost(PATIENCE).until(() -> shop.state(connection).equals("ACTIVE"));
        Amazon.revoke(seller);
        assertThat(probe(connection))
                .as("before its end there is a second look")
                .isEqualTo("SUSPECT");
    }

    @Test
    void an_overdue_grant_that_is_refused_is_expired_whatever_its_end_was_corrected_to() {
        UUID connection = shop.connected("shop-1", seller);
        Instant end = overdue(connection);

        Amazon.revoke(seller);
        correct(connection, end.plus(Duration.ofDays(30)));
        await().atMost(PATIENCE).until(() -> shop.state(connection).equals("EXPIRED"));
        correct(connection, end.plus(Duration.ofDays(31))).body("advice", containsString("stays EXPIRED"));
        shop.authorize(new Browser(), connection, seller);
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
    }

    /** Lets a connection work past its end, which is told. */
    private Instant overdue(UUID connection) {
        Instant end = TestClock.shared().now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        correct(connection, end).body("advice", nullValue());
        TestClock.shared().advance(Duration.ofHours(1).plusMinutes(1));
        announceEnd(connection, 1, end);
        await().atMost(PATIENCE).until(() -> shop.state(connection).equals("OVERDUE"));
        return end;
    }

    private static ValidatableResponse correct(UUID connection, Instant end) {
        return admin().body(Map.of("endsAt", end.toString()))
                .patch("/api/connections/" + connection)
                .then()
                .statusCode(200);
    }

    @Test
    void a_grant_that_works_again_is_reinstated_and_ends_a_year_after_it_was_last_dead() {
        UUID connection = shop.connected("shop-1", seller);
        Instant end = Instant.parse(shop.get(connection, "endsAt"));
        try (Events events = events()) {
            TestClock.shared().advance(Duration.ofDays(365).plusMinutes(1));
            announceEnd(connection, 1, end);
            events.await("TokenExpired", connection.toString(), 1);
            Instant lastDead = pool.preparedQuery("select last_refused_at from connection where id = $1")
                    .execute(Tuple.of(connection))
                    .await()
                    .atMost(PATIENCE)
                    .iterator()
                    .next()
                    .getOffsetDateTime(0)
                    .toInstant();
            // The merchant consents at the provider for somebody else: there the old token lives again.
            TestClock.shared().advance(Duration.ofMinutes(5));
            Shop other = new Shop();
            other.authorize(new Browser(), other.connection("shop-1", seller.id()), seller);

            assertThat(probe(connection)).isEqualTo("ACTIVE");
            var reinstated = events.await("TokenReinstated", connection.toString(), 1);
            assertThat(Instant.parse(reinstated.data().path("endsAt").asText()))
                    .isEqualTo(lastDead.plus(Duration.ofDays(365)));
            assertThat(shop.<String>get(connection, "endsAtSource")).isEqualTo("ESTIMATE");
        }
    }

    @Test
    void a_read_of_the_token_that_refreshes_it_postpones_the_probe() {
        UUID connection = shop.connected("shop-1", seller);
        TestClock.shared().advance(Duration.ofHours(3));
        OffsetDateTime before = nextProbe(connection);
        as("token-reader", "*").post(token(connection)).then().statusCode(200);
        assertThat(nextProbe(connection)).isAfterOrEqualTo(before.plusHours(3));
    }

    private OffsetDateTime nextProbe(UUID connection) {
        return pool.preparedQuery("select next_probe_at from connection where id = $1")
                .execute(Tuple.of(connection))
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getOffsetDateTime(0);
    }

    @Test
    void a_disconnected_connection_keeps_no_secret() {
        UUID connection = shop.connected("shop-1", seller);
        as("admin", "*").delete("/api/connections/" + connection).then().statusCode(204);
        as("token-reader", "*")
                .post(token(connection))
                .then()
                .statusCode(409)
                .body("code", equalTo("CONNECTION_DISCONNECTED"));
        var left = pool.preparedQuery(
                        """
                        select count(*) from grant_record
                         where connection_id = $1
                           and (data_key is not null or sealed_refresh_token is not null
                                or sealed_access_token is not null)
                        """)
                .execute(Tuple.of(connection))
                .await()
                .atMost(PATIENCE);
        assertThat(left.iterator().next().getLong(0)).isZero();
    }

    @Test
    void who_tells_of_the_end_of_another_tenants_grant_is_not_heard() {
        UUID connection = shop.connected("shop-1", seller);
        String before = shop.get(connection, "lastProbeAt");
        ConnectionRef own = about(connection, 1);
        ConnectionRef foreign = new ConnectionRef(
                "thief", connection, own.externalId(), own.provider(), own.region(), 1, own.occurredAt());
        String deadLetters = Topics.deadLetters(Topics.EXPIRY, "auth-service");
        try (Events dead = Events.fromNow(PerennialKafka.shared().bootstrapServers(), deadLetters)) {
            EventSender.send(new RenewalOverdue(foreign, 2, own.occurredAt()));

            assertThat(dead.await(
                                    "a dead letter",
                                    event -> connection.toString().equals(event.key()))
                            .headers())
                    .containsEntry("dead-letter-reason", "OTHER_TENANT");
        }
        assertThat(shop.<String>get(connection, "lastProbeAt")).isEqualTo(before);
    }

    /** Late event first, then one of the current grant on the same key: its effect shows that the late one was handled. */
    private void awaitHandled(UUID connection, Instant formerEnd) {
        String before = shop.get(connection, "lastProbeAt");
        announceEnd(connection, 1, formerEnd);
        announceEnd(connection, 2, Instant.parse(shop.get(connection, "endsAt")));
        await().atMost(PATIENCE).until(() -> !before.equals(shop.<String>get(connection, "lastProbeAt")));
    }

    private void announceEnd(UUID connection, int generation, Instant end) {
        EventSender.send(new TokenExpiring(about(connection, generation), 0, 0, end));
    }

    private ConnectionRef about(UUID connection, int generation) {
        return new ConnectionRef(
                shop.tenant(),
                connection,
                "shop-1",
                Provider.AMAZON_SELLER,
                Region.EU,
                generation,
                TestClock.shared().now());
    }

    private static String token(UUID connection) {
        return "/api/connections/" + connection + "/access-token";
    }

    private static String probe(UUID connection) {
        return as("operator", "*")
                .post("/api/connections/" + connection + "/probe")
                .then()
                .statusCode(200)
                .extract()
                .path("state");
    }

    private static void probeUnknown(UUID connection) {
        as("operator", "*")
                .post("/api/connections/" + connection + "/probe")
                .then()
                .statusCode(200)
                .body("result", equalTo("UNKNOWN"))
                .body("state", equalTo("ACTIVE"));
    }

    private static Events events() {
        return Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS);
    }
}
