package io.perennial.auth.authorization;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static io.perennial.auth.Browser.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.auth.vault.RemoteKeys;
import io.perennial.auth.vault.TokenVault;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class ConsentTest {
    @Inject
    Pool pool;

    @Inject
    TokenVault vault;

    @Inject
    RemoteKeys keys;

    private final Browser browser = new Browser();
    private Shop shop;
    private Seller ada;
    private Seller bob;

    @BeforeEach
    void a_shop() {
        shop = new Shop();
        ada = Amazon.nextSeller("EU");
        bob = Amazon.nextSeller("EU");
    }

    @AfterEach
    void no_trouble() {
        Amazon.faults();
    }

    @Test
    void a_consent_ends_connected_for_a_year_and_is_announced() {
        UUID connection = shop.connection("shop-1", ada.id());
        try (Events events = events()) {
            Page result = shop.authorize(browser, connection, ada);

            assertThat(result.status()).isEqualTo(200);
            assertThat(result.html()).contains("You are connected", "close this window");
            assertThat(result.address().toString()).doesNotContain("code").doesNotContain("state");
            var authorized = events.await("ConnectionAuthorized", connection.toString(), 1);
            assertThat(authorized.data().path("accountId").asText()).isEqualTo(ada.id());
            assertThat(authorized.data().path("endsAtSource").asText()).isEqualTo("RULE");
        }
        admin().get("/api/connections/" + connection)
                .then()
                .body("state", equalTo("ACTIVE"))
                .body("generation", equalTo(1))
                .body("accountId", equalTo(ada.id()))
                .body("usable", equalTo(true))
                .body("lastProbeResult", equalTo("ALIVE"));
        Instant authorizedAt = Instant.parse(shop.get(connection, "authorizedAt"));
        assertThat(Instant.parse(shop.get(connection, "endsAt"))).isEqualTo(authorizedAt.plus(Duration.ofDays(365)));
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items.kind", hasItem("CONSENT_ACCEPTED"));
    }

    @Test
    void an_operator_corrects_the_end_and_the_trail_names_both() {
        UUID connection = shop.connected("shop-1", ada);
        String former = shop.get(connection, "endsAt");
        String shown = Instant.parse(former).minus(Duration.ofDays(3)).toString();
        try (Events events = events()) {
            admin().body(Map.of("endsAt", shown))
                    .patch("/api/connections/" + connection)
                    .then()
                    .statusCode(200)
                    .body("endsAt", equalTo(shown))
                    .body("endsAtSource", equalTo("OPERATOR"));
            var updated = events.await("ConnectionUpdated", connection.toString(), 1);
            assertThat(updated.data().path("endsAt").asText()).isEqualTo(shown);
            assertThat(updated.data().path("endsAtSource").asText()).isEqualTo("OPERATOR");
        }
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items.find { it.kind == 'END_CORRECTED' }.reason", equalTo(former + " -> " + shown))
                .body("items.find { it.kind == 'END_CORRECTED' }.actor", notNullValue());
    }

    @Test
    void a_renewal_replaces_the_grant_and_is_announced_with_the_former_end() {
        UUID connection = shop.connected("shop-1", ada);
        String firstEnd = shop.get(connection, "endsAt");
        URI link = shop.link(connection);
        try (Events events = events()) {
            assertThat(browser.get(link).html()).contains("Renew your Amazon connection");
            Page result = browser.open(browser.consent(shop.start(browser, link), ada));
            assertThat(result.html()).contains("You are connected");
            var renewed = events.await("TokenRenewed", connection.toString(), 2);
            assertThat(Instant.parse(renewed.data().path("previousEndsAt").asText()))
                    .isEqualTo(firstEnd);
        }
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
        assertThat(browser.get(link).html()).contains("Already connected").doesNotContain("<form");
    }

    @Test
    void the_landing_page_tells_who_asks_for_what_and_all_the_advice() {
        admin().body(Map.of(
                        "name", "Acme Shops",
                        "integrator", "Integra",
                        "supportEmail", "help@acme.example",
                        "supportHours", "Mo-Fr 8-18",
                        "colour", "#0A66C2"))
                .put("/api/tenants/" + shop.tenant())
                .then()
                .statusCode(200);
        UUID connection = shop.connection("shop-1", ada.id());
        Page page = browser.get(shop.link(connection));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.html())
                .contains("Acme Shops", "Integra", ada.id(), "help@acme.example", "Mo-Fr 8-18", "Amazon Payments")
                .contains("primary user", "Professional selling plan", "private window", "pop-up", "checkbox")
                .contains(shop.<String>get(connection, "reference"));
        assertThat(page.header("content-security-policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self' " + Amazon.url());
        assertThat(page.header("referrer-policy")).isEqualTo("same-origin");
        assertThat(page.header("cache-control")).isEqualTo("no-store");
        assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(page.header("x-frame-options")).isEqualTo("DENY");
        assertThat(page.header("cross-origin-opener-policy")).isEqualTo("same-origin");
        assertThat(page.header("set-cookie")).contains("HttpOnly", "SameSite=Lax", "perennial-auth-8081");
        assertThat(browser.get(Shop.base() + "/connect/assets/page.css").status())
                .isEqualTo(200);
        assertThat(browser.get(Shop.base() + "/connect/brand/0A66C2.css").html())
                .contains("#0A66C2");
    }

    @Test
    void the_landing_page_speaks_german_and_escapes_names() {
        admin().body(Map.of("name", "<b>Müller</b>{inject:vertx}")).put("/api/tenants/" + shop.tenant());
        UUID connection = shop.connection("shop-1", null);
        Page page = new Browser("de-AT,en;q=0.5").get(shop.link(connection));
        assertThat(page.html())
                .contains(
                        "lang=\"de\"", "Weiter zu Amazon", "&lt;b&gt;Müller&lt;/b&gt;{inject:vertx}", "Hauptbenutzer");
    }

    @Test
    void the_landing_page_speaks_the_contacts_language_to_a_browser_of_another() {
        UUID connection = shop.connection("shop-1", null);
        admin().body(Map.of(
                        "contacts",
                        List.of(Map.of("name", "Lin", "email", "lin@shop.example", "locale", "zh-Hans", "order", 1))))
                .patch("/api/connections/" + connection)
                .then()
                .statusCode(200);

        assertThat(new Browser("pl").get(shop.link(connection)).html())
                .contains("lang=\"zh\"", "前往亚马逊", "只有亚马逊账户的主用户才能授权");
    }

    @Test
    void opening_a_link_changes_nothing_and_an_unknown_one_is_a_page() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI link = shop.link(connection);
        browser.get(link);
        browser.get(link);
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items.kind", contains("LINK_ISSUED", "CONNECTION_CREATED"));
        assertThat(browser.get(Shop.base() + "/connect/" + "x".repeat(43)).status())
                .isEqualTo(404);
        assertThat(browser.get(Shop.base() + "/connect/short").status()).isEqualTo(404);
    }

    @Test
    void a_start_that_was_not_sent_by_our_own_page_is_refused() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI link = shop.link(connection);
        Page landing = browser.get(link);
        assertThat(browser.submit(landing, 0, Map.of(), "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(browser.submit(landing, 0, Map.of("form", "x")).status()).isEqualTo(403);
        assertThat(new Browser().submit(landing, 0, Map.of()).status()).isEqualTo(403);
        assertThat(browser.submit(landing, 0, Map.of(), "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(303);
    }

    @Test
    void a_first_consent_without_an_expected_account_is_confirmed_by_the_merchant() {
        UUID connection = shop.connection("shop-1", null);
        Page question = shop.authorize(browser, connection, ada);
        assertThat(question.html()).contains("Is this the right store?", ada.id());
        assertThat(shop.state(connection)).isEqualTo("PENDING");

        Page answer = browser.submit(question, 0, Map.of());
        assertThat(answer.status()).isEqualTo(303);
        assertThat(browser.open(answer.location()).html()).contains("You are connected");
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
    }

    @Test
    void a_merchant_who_says_no_is_not_connected_and_may_try_again() {
        UUID connection = shop.connection("shop-1", null);
        Page question = shop.authorize(browser, connection, ada);
        Page declined = browser.open(browser.submit(question, 1, Map.of()).location());
        assertThat(declined.html()).contains("Not connected");
        assertThat(shop.state(connection)).isEqualTo("PENDING");

        Page again = browser.submit(declined, 0, Map.of());
        assertThat(again.location().toString()).startsWith(Amazon.url());
    }

    @Test
    void a_consent_from_another_account_is_refused_and_the_grant_stays() {
        UUID connection = shop.connected("shop-1", ada);
        try (Events events = events()) {
            Page refused = shop.authorize(browser, connection, bob);
            assertThat(refused.html())
                    .contains("That was another account", ada.id(), "private window")
                    .doesNotContain(bob.id());
            var rejected = events.await("WrongAccountRejected", connection.toString());
            assertThat(rejected.data().path("offeredAccountId").asText()).isEqualTo(bob.id());
            assertThat(rejected.data().path("evidence").asText()).isEqualTo("ACCOUNT_ID");
        }
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(1);
        as("token-reader", "*")
                .post("/api/connections/" + connection + "/access-token")
                .then()
                .statusCode(200)
                .body("accountId", equalTo(ada.id()));
    }

    @Test
    void whoever_holds_the_wrong_account_is_looked_at_at_once() {
        UUID asked = shop.connected("shop-1", ada);
        UUID holder = shop.connected("shop-2", bob);
        String looked = shop.get(holder, "lastProbeAt");
        assertThat(shop.authorize(browser, asked, bob).html()).contains("That was another account");
        awaitProbe(holder, looked);
        assertThat(shop.state(holder)).isEqualTo("ACTIVE");
    }

    /** Without its interval of hours: the clock is not moved. */
    private void awaitProbe(UUID connection, String before) {
        await().atMost(Duration.ofSeconds(30)).until(() -> !before.equals(shop.<String>get(connection, "lastProbeAt")));
    }

    @Test
    void the_code_of_another_account_with_the_right_id_is_refused_by_the_evidence() {
        UUID connection = shop.connected("shop-1", ada);
        String attackersCode = parameter(
                new Browser().consent(shop.start(new Browser(), shop.link(shop.connection("shop-2", null))), bob),
                "spapi_oauth_code");
        URI back = shop.consent(browser, connection, ada);
        URI forged = URI.create(back.toString().replace(parameter(back, "spapi_oauth_code"), attackersCode));
        assertThat(browser.open(forged).html()).contains("That was another account");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(1);
    }

    @Test
    void an_account_that_another_connection_of_the_tenant_holds_is_refused() {
        UUID first = shop.connected("shop-1", ada);
        UUID second = shop.connection("shop-2", null);
        String looked = shop.get(first, "lastProbeAt");
        try (Events events = events()) {
            Page refused = shop.authorize(browser, second, ada);
            assertThat(refused.html()).contains("already connected");
            var rejected = events.await("DuplicateRejected", second.toString());
            assertThat(rejected.data().path("otherConnectionId").asText()).isEqualTo(first.toString());
        }
        assertThat(shop.state(second)).isEqualTo("PENDING");
        awaitProbe(first, looked);
        assertThat(shop.state(first)).isEqualTo("ACTIVE");
        assertThat(shop.authorize(new Browser(), new Shop().connection("x", ada.id()), ada)
                        .html())
                .as("another tenant may connect the same account")
                .contains("You are connected");
    }

    @Test
    void fifty_callbacks_at_once_are_one_exchange_and_one_event() throws Exception {
        UUID connection = shop.connection("shop-1", ada.id());
        URI back = shop.consent(browser, connection, ada);
        long before = Amazon.logEnd();
        ExecutorService threads = Executors.newFixedThreadPool(50);
        try (Events events = events()) {
            Callable<Integer> callback = () -> browser.get(back).status();
            List<Future<Integer>> all = threads.invokeAll(java.util.Collections.nCopies(50, callback));
            int sentOn = 0;
            for (Future<Integer> one : all) {
                assertThat(one.get()).isIn(303, 409);
                sentOn += one.get() == 303 ? 1 : 0;
            }
            assertThat(sentOn).isEqualTo(1);
            assertThat(Amazon.tokenCalls(before, "authorization_code")).isEqualTo(1);
            events.await("ConnectionAuthorized", connection.toString());
            assertThat(events.upToNow().stream()
                            .filter(event -> event.type().equals("ConnectionAuthorized")
                                    && event.connectionId().equals(connection.toString())))
                    .hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_stranger_with_the_right_state_is_refused_and_the_merchant_may_still_finish() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI back = shop.consent(browser, connection, ada);
        long before = Amazon.logEnd();
        assertThat(new Browser().get(back).status()).isEqualTo(403);
        Browser other = new Browser();
        other.get(shop.link(connection));
        assertThat(other.get(back).status()).isEqualTo(403);
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
        assertThat(browser.open(back).html()).contains("You are connected");
    }

    @Test
    void a_state_older_than_ten_minutes_is_refused() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI back = shop.consent(browser, connection, ada);
        long before = Amazon.logEnd();
        TestClock.shared().advance(Duration.ofMinutes(10).plusSeconds(1));
        try (Events events = Events.ofAllTime(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS)) {
            assertThat(browser.get(back).status()).isIn(400, 409);
            assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
            events.await("AuthorizationAbandoned", connection.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "state=",
                "state=abc",
                "state=STATE&state=STATE&spapi_oauth_code=x&selling_partner_id=A1BCDE",
                "state=STATE&spapi_oauth_code=x",
                "state=STATE&spapi_oauth_code=x&selling_partner_id=lower",
                "state=STATE&spapi_oauth_code=x&selling_partner_id=A1BCDE&selling_partner_id=A1BCDE",
                "state=STATE&spapi_oauth_code=x&selling_partner_id=A1BCDE&error=access_denied",
                "state=STATE&selling_partner_id=A1BCDE",
                "state=STATE%00&spapi_oauth_code=x&selling_partner_id=A1BCDE",
                "state=%ff%fe&spapi_oauth_code=x&selling_partner_id=A1BCDE",
                "state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&spapi_oauth_code=x&selling_partner_id=A1BCDE"
            })
    void a_callback_that_is_not_right_in_every_part_asks_and_stores_nothing(String query) {
        UUID connection = shop.connection("shop-1", null);
        URI consentPage = shop.start(browser, shop.link(connection));
        String state = parameter(consentPage, "state");
        long before = Amazon.logEnd();
        Page page = browser.get(Shop.base() + "/oauth/amazon/callback?" + query.replace("STATE", state));
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.header("referrer-policy")).isEqualTo("no-referrer");
        assertThat(page.html()).doesNotContain(state);
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
        assertThat(browser.open(browser.consent(consentPage, ada)).html())
                .as("the state was not spent")
                .contains("right store");
    }

    @Test
    void a_refusal_at_the_provider_ends_the_attempt_on_a_neutral_page() {
        UUID connection = shop.connection("shop-1", ada.id());
        String state = parameter(shop.start(browser, shop.link(connection)), "state");
        Page page = browser.open(URI.create(Shop.base() + "/oauth/amazon/callback?state=" + state
                + "&error=access_denied&error_description=%3Cscript%3E"));
        assertThat(page.html()).contains("Not connected").doesNotContain("script");
    }

    @Test
    void only_a_get_counts_as_a_callback() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI back = shop.consent(browser, connection, ada);
        long before = Amazon.logEnd();
        for (String method : List.of("HEAD", "OPTIONS", "POST", "PUT", "DELETE")) {
            io.restassured.RestAssured.given()
                    .urlEncodingEnabled(false)
                    .header("X-HTTP-Method-Override", "GET")
                    .request(method, back)
                    .then()
                    .statusCode(405);
        }
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
        assertThat(browser.open(back).html()).contains("You are connected");
    }

    @Test
    void a_callback_brought_again_exchanges_nothing() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI back = shop.consent(browser, connection, ada);
        browser.open(back);
        long before = Amazon.logEnd();
        Page again = browser.get(back);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.html()).contains("See the result");
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
    }

    @Test
    void a_candidate_that_can_not_be_tried_now_is_kept_and_decided_later() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI back = shop.consent(browser, connection, ada);
        Amazon.faults(Map.of("operation", "token.refresh_token", "kind", "500", "probability", 1.0, "seed", 1));
        Page page = browser.open(back);
        assertThat(page.html()).contains("Received, being checked");
        assertThat(page.header("refresh")).isNotEmpty();
        assertThat(shop.state(connection)).isEqualTo("PENDING");

        Amazon.faults();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            TestClock.shared().advance(Duration.ofSeconds(31));
            assertThat(shop.state(connection)).isEqualTo("ACTIVE");
        });
        assertThat(browser.get(page.address()).html()).contains("You are connected");
    }

    @Test
    void an_exchange_whose_answer_is_lost_is_told_as_unknown_and_leaves_a_line() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI back = shop.consent(browser, connection, ada);
        Amazon.faults(
                Map.of("operation", "token.authorization_code", "kind", "lost-reply", "probability", 1.0, "seed", 1));
        Page page = browser.open(back);
        assertThat(page.html()).contains("did not answer", "Try again", "data-outcome=\"unknown\"");
        assertThat(shop.state(connection)).isEqualTo("PENDING");
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items[0].kind", equalTo("EXCHANGE_UNKNOWN"))
                .body("items[0].reason", equalTo("NO_ANSWER"));
        Amazon.faults();
        URI again = browser.submit(page, 0, Map.of()).location();
        assertThat(browser.open(browser.consent(again, ada)).html()).contains("You are connected");
    }

    @Test
    void a_crash_during_the_exchange_is_told_as_unknown() {
        UUID connection = shop.connection("shop-1", ada.id());
        shop.start(browser, shop.link(connection));
        pool.preparedQuery("update authorization_request set status = 'EXCHANGING',"
                        + " claimed_at = clock_timestamp() - interval '2 minutes' where connection_id = $1")
                .execute(Tuple.of(connection))
                .await()
                .atMost(Duration.ofMinutes(1));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> admin().get("/api/connections/" + connection + "/history")
                        .then()
                        .body("items[0].kind", equalTo("EXCHANGE_UNKNOWN"))
                        .body("items[0].reason", equalTo("PROCESS_ENDED")));
    }

    @Test
    void an_account_of_another_connection_may_be_renewed_instead() {
        UUID first = shop.connected("shop-1", ada);
        UUID second = shop.connected("shop-2", bob);
        Page refused = shop.authorize(browser, first, bob);
        assertThat(refused.html())
                .contains("That was another account", "Renew the connection of " + bob.id() + " instead")
                .as("whoever brings a foreign id learns no name")
                .doesNotContain("Shop shop-2");
        URI consentPage = browser.submit(refused, 1, Map.of()).location();
        assertThat(browser.open(browser.consent(consentPage, bob)).html()).contains("You are connected");
        assertThat(shop.<Integer>get(second, "generation")).isEqualTo(2);
        assertThat(shop.<Integer>get(first, "generation")).isEqualTo(1);
    }

    @Test
    void a_renamed_store_is_refused_until_an_operator_trusts_the_next_consent() {
        UUID connection = shop.connected("shop-1", ada);
        pool.preparedQuery("update connection set account_name = 'Former name' where id = $1")
                .execute(Tuple.of(connection))
                .await()
                .atMost(Duration.ofMinutes(1));
        assertThat(shop.authorize(browser, connection, ada).html()).contains("That was another account");
        admin().body(Map.of("trustNextConsent", true))
                .patch("/api/connections/" + connection)
                .then()
                .statusCode(200);
        assertThat(shop.authorize(browser, connection, ada).html()).contains("You are connected");
    }

    @Test
    void too_many_open_attempts_are_refused_for_a_while() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI link = shop.link(connection);
        Page landing = browser.get(link);
        for (int i = 0; i < 20; i++) {
            assertThat(browser.submit(landing, 0, Map.of()).status()).isEqualTo(303);
        }
        assertThat(browser.submit(landing, 0, Map.of()).status()).isEqualTo(429);
    }

    @Test
    void an_exchange_that_the_provider_refuses_leaves_everything_as_it_was() {
        UUID connection = shop.connected("shop-1", ada);
        URI back = shop.consent(browser, connection, ada);
        URI wrongCode = URI.create(back.toString().replace(parameter(back, "spapi_oauth_code"), "wrong"));
        assertThat(browser.open(wrongCode).html()).contains("That did not work", "Try again");
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(1);
    }

    @Test
    void a_renewal_while_the_keys_are_out_of_reach_sends_no_code_and_leaves_the_former_grant() {
        UUID connection = shop.connected("shop-1", ada);
        URI back = shop.consent(browser, connection, ada);
        String former = grants(connection);
        keys.forgetWhatIsInMemory(vault);
        long before = Amazon.logEnd();
        keys.outOfReach(true);
        Page page;
        try {
            page = browser.open(back);
        } finally {
            keys.outOfReach(false);
        }
        assertThat(page.html()).contains("That did not work", "Try again", "data-outcome=\"failed\"");
        assertThat(Amazon.tokenCalls(before, "authorization_code"))
                .as("what can not be sealed is not asked for")
                .isZero();
        assertThat(grants(connection)).isEqualTo(former);
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items[0].kind", equalTo("EXCHANGE_REFUSED"))
                .body("items[0].reason", equalTo("VAULT_CLOSED"));

        URI again = browser.submit(page, 0, Map.of()).location();
        assertThat(browser.open(browser.consent(again, ada)).html()).contains("You are connected");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
    }

    /** The connection's grants, as they are stored. */
    private String grants(UUID connection) {
        return pool.preparedQuery(
                        "select string_agg(g::text, ' ') from (select * from grant_record order by id) g where connection_id = $1")
                .execute(Tuple.of(connection))
                .await()
                .atMost(Duration.ofMinutes(1))
                .iterator()
                .next()
                .getString(0);
    }

    @Test
    void a_result_is_shown_to_its_own_browser_alone() {
        UUID connection = shop.connection("shop-1", ada.id());
        Page result = shop.authorize(browser, connection, ada);
        assertThat(new Browser().get(result.address()).status()).isEqualTo(404);
    }

    @Test
    void reminder_links_are_given_for_current_grants_only() {
        UUID connected = shop.connected("shop-1", ada);
        UUID unknown = UUID.randomUUID();
        List<Map<String, Object>> items = List.of(
                Map.of("connectionId", connected, "generation", 0),
                Map.of("connectionId", connected, "generation", 1),
                Map.of("connectionId", unknown, "generation", 1));
        String url = as("link-issuer", "*")
                .body(Map.of("items", items))
                .post("/api/reminder-links")
                .then()
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items[0].current", equalTo(false))
                .body("items[0].url", nullValue())
                .body("items[1].current", equalTo(true))
                .body("items[1].endsAtSource", equalTo("RULE"))
                .body("items[1].contacts[0].email", equalTo("ada@shop.example"))
                .body("items[1].tenant.id", equalTo(shop.tenant()))
                .body("items[1].url", startsWith("http://localhost:8081/connect/"))
                .extract()
                .path("items[1].url");
        assertThat(browser.get(Shop.base() + URI.create(url).getPath()).html()).contains("Continue to Amazon");
        as("operator", "*")
                .body(Map.of("items", items))
                .post("/api/reminder-links")
                .then()
                .statusCode(403);
    }

    @Test
    void who_says_that_he_renewed_already_is_checked_once_an_hour_and_reminded_no_more_of_what_was_open() {
        UUID connection = shop.connected("shop-1", ada);
        String end = shop.get(connection, "endsAt");
        Page landing = browser.get(shop.link(connection));
        assertThat(new Browser().submit(landing, 1, Map.of()).status()).isEqualTo(403);
        assertThat(saidRenewedAt(connection)).isNull();
        long probes = probes();

        Page noted = browser.submit(landing, 1, Map.of("shown", "2027-11-22"));
        assertThat(noted.status()).isEqualTo(200);
        assertThat(noted.html()).contains("renewal-noted", "Thank you");
        assertThat(probes()).isEqualTo(probes + 1);
        String said = saidRenewedAt(connection);
        assertThat(said).isNotNull();
        admin().queryParam("connection", connection)
                .queryParam("kind", "RENEWAL_CLAIMED")
                .get("/api/audit")
                .then()
                .body("items", hasSize(1))
                .body("items[0].reason", equalTo("end shown: 2027-11-22"));

        // A date of no calendar is as good as none, and so soon nobody asks Amazon again.
        assertThat(browser.submit(landing, 1, Map.of("shown", "<script>")).html())
                .contains("renewal-noted");
        assertThat(probes()).isEqualTo(probes + 1);
        assertThat(saidRenewedAt(connection)).isEqualTo(said);
        assertThat(shop.<String>get(connection, "endsAt")).isEqualTo(end);
        assertThat(shop.<String>get(connection, "state")).isEqualTo("ACTIVE");
    }

    @Test
    void who_says_that_he_renewed_while_amazon_refuses_is_told_so() {
        UUID connection = shop.connected("shop-1", ada);
        Page landing = browser.get(shop.link(connection));
        Amazon.revoke(ada);
        assertThat(browser.submit(landing, 1, Map.of()).html()).contains("renewal-refused");
    }

    private static long probes() {
        return Amazon.log(0, line -> line.path("grantType").asText().equals("refresh_token"))
                .size();
    }

    private String saidRenewedAt(UUID connection) {
        return as("link-issuer", "*")
                .body(Map.of("items", List.of(Map.of("connectionId", connection, "generation", 1, "link", false))))
                .post("/api/reminder-links")
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].saidRenewedAt");
    }

    @Test
    void grants_of_one_mail_share_a_link_and_a_question_about_contacts_makes_none() {
        UUID first = shop.connected("shop-1", ada);
        UUID second = shop.connection("shop-2", null);
        int before = links();
        as("link-issuer", "*")
                .body(Map.of(
                        "items",
                        List.of(
                                Map.of("connectionId", first, "generation", 1, "group", 0, "link", false),
                                Map.of("connectionId", second, "generation", 0, "group", 0, "link", false))))
                .post("/api/reminder-links")
                .then()
                .statusCode(200)
                .body("items.url", everyItem(nullValue()))
                .body("items.group", contains(0, 0))
                .body("items[0].contacts[0].email", equalTo("ada@shop.example"))
                .body("items[0].tenant.timeZone", equalTo("UTC"));
        assertThat(links()).isEqualTo(before);

        List<String> urls = as("link-issuer", "*")
                .body(Map.of(
                        "items",
                        List.of(
                                Map.of("connectionId", first, "generation", 1, "group", 1),
                                Map.of("connectionId", first, "generation", 0, "group", 1),
                                Map.of("connectionId", second, "generation", 0, "group", 1),
                                Map.of("connectionId", first, "generation", 1, "group", 2))))
                .post("/api/reminder-links")
                .then()
                .statusCode(200)
                .body("items.current", contains(true, false, true, true))
                .extract()
                .path("items.url");
        assertThat(urls.get(0)).isEqualTo(urls.get(2)).isNotEqualTo(urls.get(3));
        assertThat(urls.get(1)).isNull();
        assertThat(links()).isEqualTo(before + 2);
        String page =
                browser.get(Shop.base() + URI.create(urls.get(0)).getPath()).html();
        assertThat(page).contains(first.toString(), second.toString());
    }

    private int links() {
        return pool.query("select count(*)::int from consent_link")
                .execute()
                .await()
                .atMost(Duration.ofMinutes(1))
                .iterator()
                .next()
                .getInteger(0);
    }

    @Test
    void a_link_is_given_again_for_the_same_key_and_only_for_own_connections() {
        UUID connection = shop.connection("shop-1", null);
        String key = UUID.randomUUID().toString();
        String first = keyedLink(connection, key);
        assertThat(keyedLink(connection, key)).isEqualTo(first);
        as("operator", "other")
                .body(Map.of("connections", List.of(connection)))
                .post("/api/consent-links")
                .then()
                .statusCode(400);
        admin().body(Map.of("connections", List.of(connection), "returnUrl", "https://evil.example"))
                .post("/api/consent-links")
                .then()
                .statusCode(400)
                .body("errors.field", contains("returnUrl"));
    }

    @Test
    void a_key_shows_no_link_to_who_may_not_see_its_tenant_and_each_tenant_has_keys_of_its_own() {
        Shop other = new Shop();
        UUID mine = shop.connection("shop-1", null);
        UUID theirs = other.connection("shop-1", null);
        String key = UUID.randomUUID().toString();
        String link = keyedLink(as("operator", shop.tenant(), other.tenant()), mine, key)
                .statusCode(201)
                .extract()
                .path("url");

        keyedLink(as("operator", other.tenant()), mine, key)
                .statusCode(400)
                .body("errors.field", contains("connections[0]"));
        keyedLink(as("operator", other.tenant()), theirs, key).statusCode(201).body("url", not(equalTo(link)));
        keyedLink(as("operator", shop.tenant()), mine, key).statusCode(201).body("url", equalTo(link));
    }

    @Test
    void one_key_many_times_at_once_makes_one_link() throws Exception {
        UUID connection = shop.connection("shop-1", null);
        String key = UUID.randomUUID().toString();
        List<Callable<String>> requests = Collections.nCopies(12, () -> keyedLink(connection, key));
        ExecutorService threads = Executors.newFixedThreadPool(requests.size());
        try {
            Set<String> links = new HashSet<>();
            for (Future<String> link : threads.invokeAll(requests)) {
                links.add(link.get());
            }
            assertThat(links).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private static String keyedLink(UUID connection, String key) {
        return keyedLink(admin(), connection, key).statusCode(201).extract().path("url");
    }

    private static ValidatableResponse keyedLink(RequestSpecification caller, UUID connection, String key) {
        return caller.header("Idempotency-Key", key)
                .body(Map.of("connections", List.of(connection)))
                .post("/api/consent-links")
                .then();
    }

    private static Events events() {
        return Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS);
    }
}
