package io.perennial.auth.authorization;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Advertiser;
import io.perennial.auth.Api;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
class AdvertisingTest {
    private static boolean registered;

    private final Browser browser = new Browser();
    private final Advertiser olivar = Amazon.advertiser("Olivar del Sur");
    private final Advertiser agency = Amazon.advertiser("Lighthouse Media");
    private final Advertiser bergmann = Amazon.advertiser("Bergmann Werkzeuge");
    private Shop shop;

    @BeforeEach
    void a_shop() {
        shop = new Shop();
        if (!registered) {
            String callback = Shop.base() + "/oauth/ads/callback";
            Api.advertisingApp(Amazon.registerAdvertising(callback), Amazon.url(), callback);
            registered = true;
        }
    }

    @AfterEach
    void all_rights_again() {
        agency.profileIds("EU").forEach(profile -> Amazon.right(agency, profile, true));
        Amazon.faults();
    }

    @Test
    void a_first_consent_asks_for_the_account_and_then_for_the_profiles() {
        UUID connection = connection("ads-1", "EU", null);
        try (Events events = events()) {
            Page question = shop.authorize(browser, connection, olivar.login());
            assertThat(question.html())
                    .contains("Olivar del Sur", olivar.login().id(), "confirm-account");

            Page chooser = confirmed(question);

            assertThat(chooser.html()).contains("data-outcome=\"choose-profiles\"");
            assertThat(olivar.profileIds("EU"))
                    .allSatisfy(id -> assertThat(chooser.html()).contains("value=\"" + id + "\""));
            admin().get("/api/connections/" + connection)
                    .then()
                    .body("state", equalTo("ACTIVE"))
                    .body("setup", hasItem("CHOOSE_PROFILE"))
                    .body("endsAtSource", equalTo("RULE"));
            String wanted = olivar.profileIds("EU").get(1);
            Page connected = browser.open(
                    browser.submit(chooser, 0, Map.of("profile", wanted)).location());

            assertThat(connected.html()).contains("You are connected", "data-outcome=\"connected\"");
            admin().get("/api/connections/" + connection).then().body("setup", not(hasItem("CHOOSE_PROFILE")));
            profiles(connection)
                    .body("items", hasSize(3))
                    .body(
                            "items.profileId",
                            containsInAnyOrder(olivar.profileIds("EU").toArray()))
                    .body("items.findAll { it.chosen }.profileId", equalTo(List.of(wanted)));
            assertThat(events.await("ConnectionAuthorized", connection.toString(), 1)
                            .data()
                            .path("accountId")
                            .asText())
                    .isEqualTo(olivar.login().id());
            assertThat(events.await("ConnectionUpdated", connection.toString())
                            .data()
                            .path("profiles"))
                    .singleElement()
                    .satisfies(id -> assertThat(id.asText()).isEqualTo(wanted));
        }
    }

    @Test
    void the_page_asks_for_the_scope_with_a_challenge_and_may_only_lead_to_the_regions_host() {
        UUID connection = connection("ads-1", "FE", null);
        URI link = shop.link(connection);
        Page landing = browser.get(link);

        assertThat(landing.html()).contains("advertising account").doesNotContain("Professional selling plan");
        assertThat(landing.header("content-security-policy")).contains("form-action 'self' " + Amazon.url());
        assertThat(shop.start(browser, link).toString())
                .startsWith(Amazon.url() + "/ads/fe/ap/oa?")
                .contains("scope=advertising%3A%3Acampaign_management", "response_type=code", "&state=")
                .contains("code_challenge_method=S256", "code_challenge=");
    }

    @Test
    void a_renewal_by_the_same_account_keeps_the_choice() {
        UUID connection = connected("ads-1", olivar, olivar.profileIds("EU").get(0));
        try (Events events = events()) {
            Page page = shop.authorize(browser, connection, olivar.login());

            assertThat(page.html()).contains("You are connected");
            assertThat(events.await("TokenRenewed", connection.toString(), 2)
                            .data()
                            .path("accountId")
                            .asText())
                    .isEqualTo(olivar.login().id());
        }
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
        profiles(connection)
                .body(
                        "items.findAll { it.chosen }.profileId",
                        equalTo(List.of(olivar.profileIds("EU").get(0))));
        as("token-reader", "*")
                .post("/api/connections/" + connection + "/access-token")
                .then()
                .statusCode(200)
                .body("apiEndpoint", equalTo(Amazon.url() + "/ads-api/eu"))
                .body("clientId", startsWith("amzn1.application-oa2-client."));
    }

    @Test
    void a_login_that_opens_none_of_the_chosen_profiles_is_refused_and_the_old_grant_goes_on() {
        UUID connection = connected("ads-1", olivar, olivar.profileIds("EU").get(0));
        try (Events events = events()) {
            Page page = shop.authorize(new Browser(), connection, bergmann.login());

            assertThat(page.html())
                    .contains("data-outcome=\"wrong-account\"", olivar.login().id());
            assertThat(events.await("WrongAccountRejected", connection.toString(), 1)
                            .data()
                            .path("evidence")
                            .asText())
                    .isEqualTo("PROFILES");
        }
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(1);
        admin().post("/api/connections/" + connection + "/probe").then().body("result", equalTo("ALIVE"));
    }

    @Test
    void a_chosen_profile_that_is_not_listed_any_more_is_shown_and_the_renewal_counts() {
        List<String> customers = agency.profileIds("EU");
        UUID connection = connected("ads-1", agency, customers.toArray(String[]::new));
        Amazon.right(agency, customers.get(1), false);

        Page page = shop.authorize(browser, connection, agency.login());

        assertThat(page.html()).contains("You are connected", "does not list this profile");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
        profiles(connection)
                .body("items.chosen", everyItem(equalTo(true)))
                .body("items.findAll { it.access == 'NO_ACCESS' }.profileId", equalTo(List.of(customers.get(1))));
    }

    @Test
    void a_login_without_profiles_in_the_region_is_told_why() {
        UUID connection = connection("ads-1", "NA", null);

        Page page = shop.authorize(browser, connection, olivar.login());

        assertThat(page.html())
                .contains("no advertising for this login", "for North America", "right to edit", "try-again");
        assertThat(shop.state(connection)).isEqualTo("PENDING");
        admin().get("/api/connections/" + connection + "/history").then().body("items.reason", hasItem("NO_PROFILES"));
        profiles(connection).body("items", empty());
    }

    @Test
    void an_expected_account_is_an_account_or_a_profile_of_the_login() {
        UUID byProfile = connection("ads-1", "EU", olivar.profileIds("EU").get(2));
        assertThat(shop.authorize(browser, byProfile, olivar.login()).html()).contains("choose-profiles");

        UUID other = connection("ads-2", "EU", bergmann.login().id());
        assertThat(shop.authorize(new Browser(), other, olivar.login()).html())
                .contains("data-outcome=\"wrong-account\"");
    }

    @Test
    void an_account_is_held_by_one_connection_of_a_tenant_also_when_two_callbacks_race() throws Exception {
        UUID first = connection("ads-1", "EU", olivar.login().id());
        UUID second = connection("ads-2", "EU", olivar.login().id());
        Browser other = new Browser();
        URI callback = shop.consent(browser, first, olivar.login());
        URI rival = shop.consent(other, second, olivar.login());
        ExecutorService both = Executors.newFixedThreadPool(2);
        List<Callable<Page>> callbacks = List.of(() -> browser.open(callback), () -> other.open(rival));
        for (Future<Page> page : both.invokeAll(callbacks)) {
            page.get();
        }
        both.shutdown();

        assertThat(List.of(shop.state(first), shop.state(second))).containsExactlyInAnyOrder("ACTIVE", "PENDING");
    }

    @Test
    void a_profile_is_chosen_by_one_connection_of_a_tenant() {
        UUID own = connected("ads-1", bergmann, bergmann.profileIds("EU").get(0));
        UUID agencys = connection("ads-2", "EU", agency.profileIds("EU").get(0));
        Page chooser = shop.authorize(browser, agencys, agency.login());
        assertThat(chooser.html()).contains("Belongs to another connection");

        choose(agencys, bergmann.profileIds("EU")).statusCode(409);
        profiles(agencys)
                .body("items.findAll { it.heldBy == '" + own + "' }.profileId", equalTo(bergmann.profileIds("EU")));

        admin().delete("/api/connections/" + own).then().statusCode(204);
        choose(agencys, bergmann.profileIds("EU")).statusCode(200);
    }

    @Test
    void a_choice_is_checked() {
        UUID connection = connected("ads-1", olivar, olivar.profileIds("EU").get(0));

        choose(connection, List.of()).statusCode(400).body("errors[0].field", equalTo("profiles"));
        choose(connection, bergmann.profileIds("EU")).statusCode(400).body("errors[0].field", equalTo("profiles[0]"));
        as("viewer", "*")
                .body(Map.of("profiles", olivar.profileIds("EU")))
                .put("/api/connections/" + connection + "/profiles")
                .then()
                .statusCode(403);
        as("operator", "other")
                .get("/api/connections/" + connection + "/profiles")
                .then()
                .statusCode(404);
        UUID selling = shop.connection("shop-1", null);
        profilesOf(selling).statusCode(404);
    }

    @Test
    void an_answer_at_the_address_of_the_other_provider_spends_nothing() {
        UUID connection = connection("ads-1", "EU", olivar.login().id());
        URI callback = shop.consent(browser, connection, olivar.login());
        long before = Amazon.logEnd();

        URI astray = URI.create(callback.toString().replace("/oauth/ads/", "/oauth/amazon/"));
        assertThat(browser.get(astray).status()).isEqualTo(400);
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();

        assertThat(browser.open(callback).html()).contains("choose-profiles");
    }

    @Test
    void a_code_of_another_attempt_or_region_is_refused_by_its_challenge() {
        UUID european = connection("ads-1", "EU", olivar.login().id());
        UUID american = connection("ads-2", "NA", null);
        URI foreign = shop.consent(browser, european, olivar.login());
        URI own = shop.consent(browser, american, olivar.login());
        String injected = own.toString().replaceAll("([?&]code=)[^&]+", "$1" + parameter(foreign, "code"));

        Page page = browser.open(URI.create(injected));

        assertThat(page.html()).contains("data-outcome=\"failed\"");
        assertThat(shop.state(american)).isEqualTo("PENDING");
    }

    @Test
    void refusing_at_amazon_ends_the_attempt() {
        UUID connection = connection("ads-1", "EU", null);
        Page consent = browser.open(shop.start(browser, shop.link(connection)));
        Page signedIn = browser.open(browser.submit(
                        consent,
                        0,
                        Map.of(
                                "email",
                                olivar.login().email(),
                                "password",
                                olivar.login().password()))
                .location());
        URI back = browser.submit(signedIn, 0, Map.of("action", "cancel")).location();

        assertThat(browser.open(back).html()).contains("data-outcome=\"denied\"");
    }

    @Test
    void while_the_ads_api_is_down_the_consent_waits_and_the_last_listing_is_shown() {
        UUID connection = connected("ads-1", olivar, olivar.profileIds("EU").get(0));
        Amazon.faults(Map.of("operation", "listProfiles", "kind", "outage"));

        profiles(connection).body("items", hasSize(3));
        Page page = shop.authorize(browser, connection, olivar.login());

        assertThat(page.html()).contains("data-outcome=\"checking\"");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(1);
    }

    @Test
    void presets_name_the_return_url_and_amazons_hosts_of_each_region() {
        admin().get("/api/apps/presets")
                .then()
                .body(
                        "items.find { it.provider == 'AMAZON_ADS' }.redirectUri",
                        equalTo("http://localhost:8081/oauth/ads/callback"))
                .body(
                        "items.find { it.provider == 'AMAZON_ADS' }.authorizations.EU",
                        equalTo("https://eu.account.amazon.com/ap/oa"))
                .body("items.find { it.provider == 'AMAZON_ADS' }.tokens.FE", startsWith("https://api.amazon.co.jp/"));
        String app = admin().body(Map.of(
                        "name", "ads-" + UUID.randomUUID(),
                        "provider", "AMAZON_ADS",
                        "clientId", "amzn1.application-oa2-client.preset",
                        "clientSecret", "secret",
                        "endpoints", Map.of("authorizations", Map.of("NA", "https://na.example/ap/oa"))))
                .post("/api/apps")
                .then()
                .statusCode(201)
                .body("scope", equalTo("advertising::campaign_management"))
                .body("redirectUri", equalTo("http://localhost:8081/oauth/ads/callback"))
                .body("endpoints.authorizations.NA", equalTo("https://na.example/ap/oa"))
                .body("endpoints.authorizations.FE", equalTo("https://apac.account.amazon.com/ap/oa"))
                .body("endpoints.api.EU", equalTo("https://advertising-api-eu.amazon.com"))
                .extract()
                .path("id");
        admin().body(Map.of("endpoints", Map.of("authorization", "https://all.example/{region}/oa")))
                .patch("/api/apps/" + app)
                .then()
                .body("endpoints.authorizations.EU", equalTo("https://all.example/eu/oa"));
    }

    private UUID connection(String externalId, String region, String expected) {
        Map<String, Object> body = new HashMap<>(Api.connection(shop.tenant(), externalId));
        body.put("provider", "AMAZON_ADS");
        body.put("region", region);
        body.remove("marketplaces");
        if (expected != null) {
            body.put("expectedAccountId", expected);
        }
        return Shop.create(body);
    }

    /** A connection that works, with its profiles chosen. */
    private UUID connected(String externalId, Advertiser advertiser, String... chosen) {
        UUID connection = connection(externalId, "EU", chosen[0]);
        Page page = shop.authorize(new Browser(), connection, advertiser.login());
        assertThat(page.html()).contains("choose-profiles");
        choose(connection, List.of(chosen)).statusCode(200);
        return connection;
    }

    private Page confirmed(Page question) {
        return browser.open(browser.submit(question, 0, Map.of()).location());
    }

    private static ValidatableResponse choose(UUID connection, List<String> profiles) {
        return admin().body(Map.of("profiles", profiles))
                .put("/api/connections/" + connection + "/profiles")
                .then();
    }

    private static ValidatableResponse profiles(UUID connection) {
        return profilesOf(connection).statusCode(200);
    }

    private static ValidatableResponse profilesOf(UUID connection) {
        return admin().get("/api/connections/" + connection + "/profiles").then();
    }

    private static String parameter(URI address, String name) {
        return address.getRawQuery().replaceAll("(?:.*&)?" + name + "=([^&]*).*", "$1");
    }

    private static Events events() {
        return Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS);
    }
}
