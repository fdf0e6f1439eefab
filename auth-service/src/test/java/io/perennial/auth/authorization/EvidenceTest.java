package io.perennial.auth.authorization;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.EventSender;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.auth.token.Grants;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.SampleOrder;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a new token must show, and who decides where it shows nothing. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class EvidenceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    Pool pool;

    @Inject
    Grants grants;

    private final Browser browser = new Browser();
    private Shop shop;
    private Seller ada;
    private Seller bob;
    private UUID connection;

    @BeforeEach
    void a_connected_shop() {
        shop = new Shop();
        ada = Amazon.nextSeller("EU");
        bob = Amazon.nextSeller("EU");
        connection = shop.connected("shop-1", ada);
    }

    @AfterEach
    void no_trouble() {
        Amazon.faults();
        // Probes of other connections may have met the faults too: five of them, and the breaker is open for those who
        // follow.
        admin().delete("/api/outages/" + shop.application() + "/EU");
    }

    @Test
    void a_new_token_must_read_an_order_that_was_fetched_before() {
        fetched(shop.tenant(), order(ada));
        long before = Amazon.logEnd();
        assertThat(shop.authorize(browser, connection, ada).html()).contains("You are connected");
        assertThat(Amazon.log(before, line -> line.path("operation").asText().equals("getOrder")))
                .hasSize(1);
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
    }

    @Test
    void a_token_that_can_not_read_it_is_of_another_account_whatever_the_rest_looks_like() {
        fetched(shop.tenant(), order(bob));
        try (Events events = events()) {
            assertThat(shop.authorize(browser, connection, ada).html()).contains("That was another account");
            assertThat(events.await("WrongAccountRejected", connection.toString())
                            .data()
                            .path("evidence")
                            .asText())
                    .isEqualTo("ORDER_UNKNOWN");
        }
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(1);
        assertThat(grantStatus("QUARANTINED")).isEqualTo(1);
    }

    @Test
    void an_order_that_the_provider_would_not_show_any_more_is_not_asked_for() {
        SampleOrder old =
                new SampleOrder("302-1234567-1234567", TestClock.shared().now().minus(Duration.ofDays(701)));
        fetched(shop.tenant(), old);
        assertThat(shop.authorize(browser, connection, ada).html()).contains("You are connected");
    }

    @Test
    void another_tenants_word_about_an_order_does_not_count() {
        announce("other", order(bob));
        fetched(shop.tenant(), order(ada));
        assertThat(shop.authorize(browser, connection, ada).html()).contains("You are connected");
    }

    @Test
    void a_consent_without_evidence_waits_for_an_operator_who_accepts_it() {
        try (Events events = events()) {
            Page waiting = held(events);
            String review = shop.get(connection, "consentReview");

            assertThat(browser.get(waiting.address()).header("refresh")).isEmpty();
            assertThat(browser.get(shop.link(connection)).html()).contains("checked by a person");
            as("viewer", "*").get("/api/consent-reviews").then().body("items.id", hasItem(review));
            as("viewer", "other").get("/api/consent-reviews").then().body("items.id", not(hasItem(review)));
            answer("viewer", "*", review, "ACCEPT", 403);
            answer("operator", "other", review, "ACCEPT", 404);
            answer("operator", shop.tenant(), review, "PERHAPS", 400);
            assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(1);

            answer("operator", shop.tenant(), review, "ACCEPT", 200);
            events.await("TokenRenewed", connection.toString(), 2);
            assertThat(browser.get(waiting.address()).html()).contains("You are connected");
            answer("operator", shop.tenant(), review, "REFUSE", 409);
        }
        admin().get("/api/connections/" + connection)
                .then()
                .body("state", equalTo("ACTIVE"))
                .body("generation", equalTo(2))
                .body("setup", not(hasItem("REVIEW_CONSENT")));
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body(
                        "items.findAll { it.kind == 'CONSENT_ACCEPTED' }.actor",
                        contains(not("merchant"), equalTo("merchant")));
        as("token-reader", "*")
                .post("/api/connections/" + connection + "/access-token")
                .then()
                .statusCode(200);
    }

    @Test
    void a_consent_that_an_operator_refuses_is_put_away_and_the_former_grant_stays() {
        try (Events events = events()) {
            Page waiting = held(events);
            answer("operator", shop.tenant(), shop.get(connection, "consentReview"), "REFUSE", 200);
            assertThat(events.await("AuthorizationFailed", connection.toString())
                            .data()
                            .path("code")
                            .asText())
                    .isEqualTo("REVIEW_REFUSED");
            assertThat(browser.get(waiting.address()).html())
                    .contains("was not accepted")
                    .doesNotContain("Amazon did not");
        }
        admin().get("/api/connections/" + connection)
                .then()
                .body("state", equalTo("ACTIVE"))
                .body("generation", equalTo(1))
                .body("setup", not(hasItem("REVIEW_CONSENT")));
        assertThat(grantStatus("QUARANTINED")).isEqualTo(1);
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items[0].kind", equalTo("AUTHORIZATION_FAILED"))
                .body("items[0].reason", equalTo("REVIEW_REFUSED"));
    }

    @Test
    void a_later_consent_with_evidence_makes_the_review_pointless() {
        String review;
        try (Events events = events()) {
            held(events);
            review = shop.get(connection, "consentReview");
        }
        Amazon.faults();
        assertThat(shop.authorize(new Browser(), connection, ada).html()).contains("You are connected");
        assertThat(shop.<String>get(connection, "consentReview")).isNull();
        await().atMost(PATIENCE).untilAsserted(() -> as("viewer", shop.tenant())
                .get("/api/consent-reviews")
                .then()
                .body("items.id", not(hasItem(review))));
        assertThat(grantStatus("CURRENT")).isEqualTo(1);
    }

    @Test
    void a_refused_token_is_destroyed_with_its_key_after_a_day() {
        shop.authorize(browser, connection, bob);
        assertThat(grantStatus("QUARANTINED")).isEqualTo(1);
        TestClock.shared().advance(Duration.ofHours(24).plusSeconds(1));
        grants.purge().await().atMost(PATIENCE);
        assertThat(grantStatus("DESTROYED")).isEqualTo(1);
    }

    @Test
    void a_candidate_that_the_provider_takes_back_is_destroyed_and_told() {
        URI back = shop.consent(browser, connection, ada);
        Amazon.faults(Map.of("operation", "token.refresh_token", "kind", "500", "probability", 1.0, "seed", 1));
        Page page = browser.open(back);
        assertThat(page.html()).contains("Received, being checked");
        Amazon.revoke(ada);
        Amazon.faults();
        try (Events events = events()) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                TestClock.shared().advance(Duration.ofSeconds(31));
                assertThat(browser.get(page.address()).html()).contains("That did not work");
            });
            assertThat(events.await("AuthorizationFailed", connection.toString())
                            .data()
                            .path("code")
                            .asText())
                    .isEqualTo("GRANT_REFUSED");
        }
        assertThat(grantStatus("DESTROYED")).isEqualTo(1);
        assertThat(grantStatus("CURRENT")).as("the former grant is kept").isEqualTo(1);
    }

    @Test
    void a_candidate_is_not_given_up_while_its_application_is_suspended() {
        Shop own = Shop.withApplicationOfItsOwn();
        UUID waiting = own.connection("shop-1", ada.id());
        Page page = undecided(own, waiting);
        admin().post("/api/apps/" + own.application() + "/suspend").then().statusCode(200);
        Amazon.faults();
        TestClock.shared().advance(Duration.ofHours(25));
        await().atMost(PATIENCE).until(() -> heldUp(waiting));
        assertThat(browser.get(page.address()).html()).contains("Received, being checked");

        admin().post("/api/apps/" + own.application() + "/resume").then().statusCode(200);
        await().atMost(PATIENCE).untilAsserted(() -> {
            TestClock.shared().advance(Duration.ofSeconds(31));
            assertThat(own.state(waiting)).isEqualTo("ACTIVE");
        });
    }

    @Test
    void a_candidate_that_an_outage_held_up_has_time_again_and_is_put_away_if_it_stays_undecided() {
        Shop own = Shop.withApplicationOfItsOwn();
        UUID waiting = own.connection("shop-1", ada.id());
        Page page = undecided(own, waiting);
        execute("update authorization_request set next_attempt_at = null where connection_id = $1", waiting);
        Amazon.faults();
        UUID app = UUID.fromString(own.application());
        execute(
                """
                insert into provider_health (app_id, region, reason, opened_at, trial_at)
                values ($1, 'EU', 'PROVIDER_BROKEN', clock_timestamp(), clock_timestamp() + interval '1 hour')
                on conflict (app_id, region) do update
                   set reason = excluded.reason, opened_at = excluded.opened_at, trial_at = excluded.trial_at
                """,
                app);
        TestClock.shared().advance(Duration.ofHours(25));
        await().atMost(PATIENCE).until(() -> heldUp(waiting));
        assertThat(browser.get(page.address()).html()).contains("Received, being checked");

        try (Events events = events()) {
            execute("delete from provider_health where app_id = $1", app);
            TestClock.shared().advance(Duration.ofHours(25));
            assertThat(events.await("AuthorizationFailed", waiting.toString())
                            .data()
                            .path("code")
                            .asText())
                    .isEqualTo("NOT_DECIDED_IN_TIME");
        }
        assertThat(browser.get(page.address()).html()).contains("was not accepted");
    }

    private Page undecided(Shop own, UUID waiting) {
        URI back = own.consent(browser, waiting, ada);
        Amazon.faults(Map.of("operation", "token.refresh_token", "kind", "500", "probability", 1.0, "seed", 1));
        Page page = browser.open(back);
        assertThat(page.html()).contains("Received, being checked");
        return page;
    }

    private boolean heldUp(UUID waiting) {
        return pool.preparedQuery(
                                "select from authorization_request where connection_id = $1 and held_up_until is not null")
                        .execute(Tuple.of(waiting))
                        .await()
                        .atMost(PATIENCE)
                        .size()
                == 1;
    }

    private void execute(String sql, UUID id) {
        pool.preparedQuery(sql).execute(Tuple.of(id)).await().atMost(PATIENCE);
    }

    @Test
    void of_two_candidates_that_the_provider_takes_back_neither_waits_for_the_other() {
        Browser other = new Browser();
        URI back = shop.consent(browser, connection, ada);
        URI otherBack = shop.consent(other, connection, ada);
        Amazon.faults(
                Map.of("operation", "getMarketplaceParticipations", "kind", "500", "probability", 1.0, "seed", 1));
        Page page = browser.open(back);
        Page otherPage = other.open(otherBack);
        assertThat(page.html()).contains("Received, being checked");
        assertThat(otherPage.html()).contains("Received, being checked");
        Amazon.revoke(ada);
        Amazon.faults();
        await().atMost(PATIENCE).untilAsserted(() -> {
            TestClock.shared().advance(Duration.ofSeconds(31));
            assertThat(browser.get(page.address()).html()).contains("That did not work");
            assertThat(other.get(otherPage.address()).html()).contains("That did not work");
        });
        assertThat(grantStatus("DESTROYED")).isEqualTo(2);
    }

    @Test
    void a_verdict_on_the_old_token_during_a_renewal_changes_nothing() {
        URI back = shop.consent(browser, connection, ada);
        Amazon.behave("oldRefreshToken", "INVALIDATED");
        try {
            // The exchange ends the old token; the new one can not be tried yet.
            Amazon.faults(
                    Map.of("operation", "getMarketplaceParticipations", "kind", "500", "probability", 1.0, "seed", 1));
            assertThat(browser.open(back).html()).contains("Received, being checked");
            refusedButActive();
            TestClock.shared().advance(Duration.ofMinutes(20));
            refusedButActive();

            Amazon.faults();
            await().atMost(PATIENCE).untilAsserted(() -> {
                TestClock.shared().advance(Duration.ofSeconds(31));
                assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
            });
            assertThat(shop.state(connection)).isEqualTo("ACTIVE");
        } finally {
            Amazon.behave("oldRefreshToken", "STAYS_VALID");
        }
    }

    @Test
    void nor_does_one_while_the_consent_waits_for_an_operator() {
        Amazon.behave("oldRefreshToken", "INVALIDATED");
        try (Events events = events()) {
            held(events);
            TestClock.shared().advance(Duration.ofDays(1));
            refusedButActive();
            answer("operator", shop.tenant(), shop.get(connection, "consentReview"), "REFUSE", 200);
            as("operator", "*")
                    .post("/api/connections/" + connection + "/probe")
                    .then()
                    .body("result", equalTo("REFUSED"))
                    .body("state", equalTo("SUSPECT"));
        } finally {
            Amazon.behave("oldRefreshToken", "STAYS_VALID");
        }
    }

    private void refusedButActive() {
        as("operator", "*")
                .post("/api/connections/" + connection + "/probe")
                .then()
                .statusCode(200)
                .body("result", equalTo("REFUSED"))
                .body("state", equalTo("ACTIVE"));
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
    }

    /** A consent whose account the provider does not show for as long as we ask. */
    private Page held(Events events) {
        URI back = shop.consent(browser, connection, ada);
        Amazon.faults(
                Map.of("operation", "getMarketplaceParticipations", "kind", "html", "probability", 1.0, "seed", 1));
        Page page = browser.open(back);
        assertThat(page.html()).contains("Received, being checked");
        TestClock.shared().advance(Duration.ofHours(1));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        admin().get("/api/connections/" + connection).then().body("setup", contains("REVIEW_CONSENT")));
        var held = events.await("ConsentHeld", connection.toString());
        assertThat(held.data().path("offeredAccountId").asText()).isEqualTo(ada.id());
        assertThat(held.data().path("reviewId").asText()).isEqualTo(shop.<String>get(connection, "consentReview"));
        Page waiting = browser.get(page.address());
        assertThat(waiting.html()).contains("checked by a person", "stays as it was");
        return waiting;
    }

    private static void answer(String role, String tenant, String review, String decision, int status) {
        as(role, tenant)
                .body(Map.of("decision", decision))
                .post("/api/consent-reviews/" + review)
                .then()
                .statusCode(status);
    }

    private static SampleOrder order(Seller seller) {
        JsonNode orders = Amazon.get("/sandbox/orders?seller=" + seller.id());
        JsonNode last = orders.get(orders.size() - 1);
        return new SampleOrder(
                last.path("orderId").asText(),
                Instant.parse(last.path("createdTime").asText()));
    }

    private void fetched(String tenant, SampleOrder order) {
        announce(tenant, order);
        await().atMost(PATIENCE)
                .until(() -> pool.preparedQuery("select 1 from known_order where connection_id = $1 and order_id = $2")
                                .execute(Tuple.of(connection, order.orderId()))
                                .await()
                                .atMost(PATIENCE)
                                .size()
                        == 1);
    }

    private void announce(String tenant, SampleOrder order) {
        Instant now = TestClock.shared().now();
        ConnectionRef about =
                new ConnectionRef(tenant, connection, "shop-1", Provider.AMAZON_SELLER, Region.EU, 1, now);
        EventSender.send(new FetchCompleted(about, UUID.randomUUID(), FetchReason.DAILY, now, now, 1, 3, 0, 0, order));
    }

    private long grantStatus(String status) {
        return pool.preparedQuery(
                        """
                        select count(*) from grant_record
                         where connection_id = $1 and status = $2
                           and (data_key is null) = ($2 in ('DESTROYED', 'SUPERSEDED'))
                        """)
                .execute(Tuple.of(connection, status))
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }

    private static Events events() {
        return Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS);
    }
}
