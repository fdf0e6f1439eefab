package io.perennial.auth.authorization;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.Registration;
import io.perennial.auth.Shop;
import io.perennial.auth.vault.RemoteKeys;
import io.perennial.auth.vault.TokenVault;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What begins at Amazon: renewals from Manage Your Apps, ended authorizations, sellers whom nobody knows. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class LoginTest {
    private static final int MOST_OF_BROWSER = 20;
    private static final int MOST_OF_CONNECTION = 200;
    private static final int MOST_OF_ADDRESS = 100;

    @Inject
    Pool pool;

    @Inject
    TokenVault vault;

    @Inject
    RemoteKeys keys;

    private final Browser browser = new Browser();
    private Shop shop;
    private Registration registration;
    private String app;
    private Seller ada;

    @BeforeEach
    void an_application() {
        shop = new Shop();
        registration = Registration.ofSellers();
        app = registration.enter();
        ada = Amazon.nextSeller("FE");
    }

    @AfterEach
    void no_trouble() {
        Amazon.faults();
    }

    @Test
    void re_authorizing_in_manage_your_apps_renews_the_sellers_connection() {
        UUID connection = connected();
        Page login = browser.open(manage("reauthorize"));
        assertThat(login.address().getPath()).isEqualTo("/oauth/amazon/login");
        assertThat(login.html()).contains("data-outcome=\"login\"", ada.id()).doesNotContain("Shop x-", shop.tenant());

        Page result = browser.open(browser.submit(login, 0, Map.of()).location());

        assertThat(result.html()).contains("You are connected");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items.kind", hasItem("AUTHORIZATION_STARTED"));
    }

    @Test
    void a_draft_application_is_renewed_with_version_beta() {
        registration = Registration.of("AMAZON_SELLER", "seller-central", false);
        app = registration.enter();
        UUID connection = connected();
        Page login = browser.open(manage("reauthorize"));
        URI confirmation = browser.submit(login, 0, Map.of()).location();
        assertThat(confirmation.getQuery()).endsWith("version=beta");
        assertThat(browser.open(confirmation).html()).contains("You are connected");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
    }

    @Test
    void a_seller_whose_authorization_has_ended_comes_without_state_and_sets_out_again() {
        UUID connection = connected();
        act("disable");
        admin().post("/api/connections/" + connection + "/probe").then().body("state", equalTo("SUSPECT"));
        URI back = act("enable").location();
        assertThat(back.getQuery()).doesNotContain("state=").contains("spapi_oauth_code");
        long before = Amazon.logEnd();

        Page again = browser.get(back);

        assertThat(again.status()).isEqualTo(400);
        assertThat(again.html())
                .contains("One more step", ada.id())
                .doesNotContain(parameter(back, "spapi_oauth_code"));
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
        Page consent = browser.submit(again, 2, Map.of());
        assertThat(browser.open(browser.consent(consent.location(), ada)).html())
                .contains("You are connected");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
    }

    @Test
    void a_seller_whom_nobody_knows_waits_until_an_operator_names_his_connection() {
        String id = unclaimed();
        as("operator", "some-tenant")
                .get("/api/unclaimed-connections")
                .then()
                .statusCode(200)
                .body("items", empty());
        as("operator", "some-tenant")
                .get("/api/unclaimed-connections/" + id)
                .then()
                .statusCode(404);
        admin().get("/api/unclaimed-connections/" + id)
                .then()
                .body("accountId", equalTo(ada.id()))
                .body("accountName", equalTo(ada.name()))
                .body("region", equalTo("FE"));

        UUID other = connection(Map.of("expectedAccountId", "A1OTHER"));
        assign(id, other).statusCode(409);
        assign(id, Registration.connection(shop.tenant(), shop.application(), Map.of()))
                .statusCode(409);
        UUID connection = connection(Map.of());
        as("viewer", "*")
                .body(Map.of("connectionId", connection))
                .post("/api/unclaimed-connections/" + id + "/assign")
                .then()
                .statusCode(403);
        assign(id, connection)
                .statusCode(200)
                .body("outcome", equalTo("connected"))
                .body("state", equalTo("ACTIVE"));

        admin().get("/api/connections/" + connection)
                .then()
                .body("accountId", equalTo(ada.id()))
                .body("accountVerified", equalTo(true));
        as("token-reader", "*")
                .post("/api/connections/" + connection + "/access-token")
                .then()
                .statusCode(200);
        assign(id, connection).statusCode(404);
    }

    @Test
    void the_merchant_claims_his_consent_by_a_link_in_the_same_browser() {
        unclaimed();
        UUID connection = connection(Map.of());
        URI link = shop.link(connection);
        assertThat(new Browser().get(link).html()).doesNotContain("id=\"claim\"");

        Page landing = browser.get(link);
        assertThat(landing.html()).contains("id=\"claim\"", ada.id());
        assertThat(new Browser().submit(landing, 1, Map.of()).status()).isEqualTo(403);
        Page question = browser.open(browser.submit(landing, 1, Map.of()).location());
        assertThat(question.html()).contains("Is this the right store?");
        Page answer = browser.open(browser.submit(question, 0, Map.of()).location());
        assertThat(answer.html()).contains("You are connected");
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
    }

    @Test
    void what_nobody_claims_is_destroyed_after_two_weeks() {
        String id = unclaimed();
        TestClock.shared().advance(Duration.ofDays(14));
        admin().get("/api/unclaimed-connections/" + id).then().statusCode(404);
        assign(id, connection(Map.of())).statusCode(404);
        await().atMost(1, TimeUnit.MINUTES)
                .until(() -> enders(id + " NOT_CLAIMED_IN_TIME").equals(List.of("unclaimed-loop")));
    }

    @Test
    void who_discards_a_consent_stands_in_the_trail() {
        String id = unclaimed();
        admin().delete("/api/unclaimed-connections/" + id).then().statusCode(204);
        assertThat(enders(id + " DISCARDED")).hasSize(1).doesNotContain("merchant");
    }

    private static List<String> enders(String reason) {
        return admin().get("/api/audit?limit=200&kind=UNCLAIMED_ENDED")
                .path("items.findAll { it.reason == '" + reason + "' }.actor");
    }

    @Test
    void a_newcomers_callback_counts_once_in_his_browser_and_for_his_account() {
        Page login = browser.open(entry(ada.id()));
        URI back = confirmed(browser.submit(login, 0, Map.of()).location());
        long before = Amazon.logEnd();

        assertThat(new Browser().get(back).status()).isEqualTo(403);
        assertThat(new Browser().get(back).status()).isEqualTo(403);
        URI anotherAccount = URI.create(back.toString().replace(ada.id(), "A1OTHER"));
        assertThat(browser.get(anotherAccount).status()).isEqualTo(400);
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
        Page told = browser.open(back);
        assertThat(told.html()).contains("Amazon has your permission");
        String path = told.address().getPath();
        assertThat(pool.preparedQuery(
                                "select 1 from audit_entry where kind = 'FOREIGN_BROWSER_REFUSED' and reason = $1")
                        .execute(Tuple.of(path.substring(path.lastIndexOf('/') + 1)))
                        .await()
                        .atMost(Duration.ofMinutes(1))
                        .size())
                .as("one line, however often")
                .isEqualTo(1);
        assertThat(browser.get(back).status()).isEqualTo(409);
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isEqualTo(1);
    }

    @Test
    void a_newcomer_while_the_keys_are_out_of_reach_spends_no_code_and_may_come_again() {
        Page login = browser.open(entry(ada.id()));
        URI back = confirmed(browser.submit(login, 0, Map.of()).location());
        keys.forgetWhatIsInMemory(vault);
        long before = Amazon.logEnd();
        keys.outOfReach(true);
        Page page;
        try {
            page = browser.open(back);
        } finally {
            keys.outOfReach(false);
        }
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.html()).contains("data-outcome=\"unclaimed-ended\"");
        assertThat(Amazon.tokenCalls(before, "authorization_code"))
                .as("what can not be sealed is not asked for")
                .isZero();
        assertThat(unclaimed()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://amazon.com.evil/apps/authorize/confirm/APP",
                "https://evil.example/apps/authorize/confirm/APP",
                "https://evil-amazon.com/apps/authorize/confirm/APP",
                "https://sellercentral.amazon.com.evil.example/apps/authorize/confirm/APP",
                "https://amazon.com@evil.example/apps/authorize/confirm/APP",
                "https://user@amazon.com/apps/authorize/confirm/APP",
                "https://amazon.com:8443/apps/authorize/confirm/APP",
                "http://amazon.com/apps/authorize/confirm/APP",
                "http://127.0.0.1:1/seller-central/de/apps/authorize/confirm/APP",
                "https://amazon.com/gp/redirect?to=https://evil.example",
                "https://amazon.com/apps/authorize/confirm/APP?next=https://evil.example",
                "https://amazon.com/apps/authorize/confirm/APP#x",
                "https://amazon.com/apps/authorize/confirm/../../evil/APP",
                "https://amazon.com/x/apps/authorize/confirm/APP",
                "https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.unknown",
                "https://\u0430mazon.com/apps/authorize/confirm/APP",
                "//amazon.com/apps/authorize/confirm/APP",
                "javascript:alert(1)//apps/authorize/confirm/APP",
                "https://amazon.com\\@evil.example/apps/authorize/confirm/APP",
                "https://amazon.com/apps/authorize/confirm/APP\r\nX: y",
                ""
            })
    void nobody_is_sent_anywhere_but_to_amazon(String callback) {
        Page page = browser.get(address(callback.replace("APP", registration.applicationId()), "s", ada.id()));
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.html()).doesNotContain("<form");
    }

    @Test
    void an_amazon_state_that_is_none_is_refused_and_a_strange_one_never_splits_a_header() {
        String real = callback();
        assertThat(browser.get(address(real, "a\r\nX-Evil: 1", ada.id())).status())
                .isEqualTo(400);
        assertThat(browser.get(address(real, "", ada.id())).status()).isEqualTo(400);
        assertThat(browser.get(address(real, "s".repeat(2_049), ada.id())).status())
                .isEqualTo(400);
        assertThat(refusesAtOnce(address(real, "s".repeat(100_000), ada.id()))).isTrue();
        assertThat(browser.get(address(real, "s", "lower")).status()).isEqualTo(400);
        assertThat(browser.get(address(real, "s", ada.id()) + "&amazon_state=t").status())
                .isEqualTo(400);
        Page odd = browser.get(address(real, "&x=1#%", ada.id()));
        assertThat(browser.submit(odd, 0, Map.of()).header("location")).contains("amazon_state=%26x%3D1%23%25&state=");
    }

    @Test
    void a_forged_entry_says_nothing_about_whom_we_know_and_only_our_own_page_goes_on() {
        connected();
        String known = browser.get(address(callback(), "s", ada.id())).html().replace(ada.id(), "");
        String unknown =
                browser.get(address(callback(), "s", "A1NOBODY")).html().replace("A1NOBODY", "");
        assertThat(withoutTokens(known)).isEqualTo(withoutTokens(unknown));

        Page page = browser.get(address(callback(), "s", ada.id()));
        assertThat(new Browser().submit(page, 0, Map.of()).status()).isEqualTo(403);
        assertThat(browser.submit(page, 0, Map.of(), "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(page.header("content-security-policy")).contains("form-action 'self' " + Amazon.url());
        URI onward = browser.submit(page, 0, Map.of()).location();
        assertThat(onward.toString()).startsWith(callback() + "?amazon_state=s&state=");
        assertThat(browser.get(onward).status())
                .as("Amazon knows nothing of this amazon_state")
                .isIn(200, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "error=access_denied",
                "error=access_denied&selling_partner_id=ACCOUNT",
                "spapi_oauth_code=none&selling_partner_id=ACCOUNT",
                "spapi_oauth_code=none&selling_partner_id=A1OTHER",
                "spapi_oauth_code=none",
                "error=access_denied&spapi_oauth_code=none&selling_partner_id=ACCOUNT"
            })
    void a_forged_answer_says_nothing_about_whom_we_know(String answer) {
        connected();
        assertThat(toldAfter(answer, ada.id())).isEqualTo(toldAfter(answer, "A1NOBODY"));
    }

    @Test
    void while_an_application_is_suspended_a_forged_entry_says_nothing_about_whom_we_know_either() {
        connected();
        admin().post("/api/apps/" + app + "/suspend").then().statusCode(200);
        String known = pausedFor(ada.id());
        assertThat(known).contains("Paused for the moment").doesNotContain(shop.tenant());
        assertThat(known).isEqualTo(pausedFor("A1NOBODY"));
    }

    private String pausedFor(String account) {
        Page login = browser.get(address(callback(), "s", account));
        return browser.submit(login, 0, Map.of()).html();
    }

    /**
     * All that somebody is told who begins at the login address with an account and makes up Amazon's answer: where it leads,
     * what stands there, at the addresses that he can guess, and when he brings it again or from another browser. Nobody's
     * browser needs to say which language it speaks.
     */
    private List<String> toldAfter(String answer, String account) {
        Browser stranger = new Browser(null);
        Page login = stranger.get(address(callback(), "s", account));
        String state = parameter(stranger.submit(login, 0, Map.of()).location(), "state");
        URI made = URI.create(
                Shop.base() + "/oauth/amazon/callback?" + answer.replace("ACCOUNT", account) + "&state=" + state);
        Browser another = new Browser("fr");
        List<Page> pages = new ArrayList<>(List.of(another.get(made), stranger.get(made)));
        String location = pages.get(1).header("location");
        if (!location.isEmpty()) {
            pages.add(stranger.get(pages.get(1).location()));
            String id = location.substring(location.lastIndexOf('/') + 1);
            for (String place : List.of("/connect/unclaimed/", "/connect/result/")) {
                pages.add(stranger.get(Shop.base() + place + id));
                pages.add(another.get(Shop.base() + place + id));
            }
        }
        pages.add(stranger.get(made));
        return pages.stream()
                .map(page -> page.status() + " " + page.header("location") + " "
                        + page.header("content-security-policy") + " " + page.html())
                .map(told -> told.replace(account, "").replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ""))
                .toList();
    }

    @Test
    void amazons_own_addresses_are_taken_in_every_region() {
        for (String host : List.of(
                "amazon.com", "sellercentral.amazon.com", "sellercentral.amazon.co.uk", "vendorcentral.amazon.co.jp")) {
            String callback = "https://" + host + "/apps/authorize/confirm/" + registration.applicationId();
            Page page = browser.get(address(callback, "s", "A1NOBODY"));
            assertThat(page.status()).as(host).isEqualTo(200);
            assertThat(browser.submit(page, 0, Map.of()).header("location")).startsWith(callback + "?");
        }
    }

    @Test
    void strangers_who_know_a_sellers_id_do_not_use_up_what_his_link_needs() {
        UUID connection = connected();
        URI link = shop.link(connection);
        Browser stranger = new Browser();
        Page login = stranger.get(address(callback(), "s", ada.id()));
        for (int i = 0; i < MOST_OF_BROWSER; i++) {
            assertThat(stranger.submit(login, 0, Map.of()).status()).isEqualTo(303);
        }
        assertThat(stranger.submit(login, 0, Map.of()).status())
                .as("one browser's share")
                .isEqualTo(429);
        assertThat(browser.submit(browser.get(address(callback(), "s", ada.id())), 0, Map.of())
                        .status())
                .as("the seller himself by the same way")
                .isEqualTo(303);
        for (int others = 0; others < MOST_OF_CONNECTION / MOST_OF_BROWSER; others++) {
            Browser another = new Browser();
            Page page = another.get(address(callback(), "s", ada.id()));
            for (int i = 0; i < MOST_OF_BROWSER; i++) {
                another.submit(page, 0, Map.of());
            }
        }
        Browser last = new Browser();
        assertThat(last.submit(last.get(address(callback(), "s", ada.id())), 0, Map.of())
                        .status())
                .as("the way is bounded")
                .isEqualTo(429);

        assertThat(browser.open(browser.consent(shop.start(browser, link), ada)).html())
                .contains("You are connected");
    }

    @Test
    void one_browser_or_address_does_not_close_the_way_for_newcomers() {
        TestClock.shared().advance(Duration.ofMinutes(11));
        Browser crowd = new Browser();
        Page login = crowd.get(address(callback(), "s", "A1NOBODY"));
        for (int i = 0; i < MOST_OF_BROWSER; i++) {
            assertThat(crowd.submit(login, 0, Map.of()).status()).isEqualTo(303);
        }
        assertThat(crowd.submit(login, 0, Map.of()).status()).isEqualTo(429);
        assertThat(newcomer()).as("another browser").isEqualTo(303);

        newcomersFrom("192.0.2.1", MOST_OF_ADDRESS);
        assertThat(newcomer()).as("another address").isEqualTo(303);
        newcomersFrom("127.0.0.1", MOST_OF_ADDRESS);
        assertThat(newcomer()).as("its own address").isEqualTo(429);
        TestClock.shared().advance(Duration.ofMinutes(11));
        assertThat(newcomer()).as("after the states have ended").isEqualTo(303);
    }

    private int newcomer() {
        Browser one = new Browser();
        return one.submit(one.get(address(callback(), "s", "A1NOBODY")), 0, Map.of())
                .status();
    }

    private void newcomersFrom(String address, int number) {
        pool.preparedQuery(
                        """
                        insert into unclaimed_consent (id, reference, state_hash, browser_hash, app_id, provider, region,
                            account_id, locale, status, started_at, expires_at, origin)
                        select gen_random_uuid(), gen_random_uuid(), sha256(gen_random_uuid()::text::bytea),
                               sha256(gen_random_uuid()::text::bytea), $1, 'AMAZON_SELLER', 'FE', 'A1CROWD', 'en',
                               'STARTED', $2, $2 + interval '10 minutes', $3
                          from generate_series(1, $4)
                        """)
                .execute(Tuple.of(
                        UUID.fromString(app), TestClock.shared().now().atOffset(ZoneOffset.UTC), address, number))
                .await()
                .atMost(Duration.ofMinutes(1));
    }

    /** The server takes no address of that length: it answers so, or hangs up. */
    private static boolean refusesAtOnce(String address) {
        try {
            return List.of(400, 414, 431).contains(new Browser().get(address).status());
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    private UUID connection(Map<String, Object> more) {
        Map<String, Object> japanese = new HashMap<>(Registration.in("FE", "A1VC38T7YXB528"));
        japanese.putAll(more);
        return Registration.connection(shop.tenant(), app, japanese);
    }

    private UUID connected() {
        UUID connection = connection(Map.of("expectedAccountId", ada.id()));
        assertThat(shop.authorize(browser, connection, ada).html()).contains("You are connected");
        return connection;
    }

    /** Amazon's Appstore brings a seller whom no connection knows. */
    private String unclaimed() {
        Page login = browser.open(entry(ada.id()));
        Page told = browser.open(confirmed(browser.submit(login, 0, Map.of()).location()));
        assertThat(told.html()).contains("Amazon has your permission", ada.name());
        assertThat(new Browser().get(told.address()).status()).isEqualTo(404);
        String path = told.address().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What Amazon calls the Login URI with: the consent happened there, no connection has it. */
    private URI entry(String account) {
        Amazon.selfAuthorize(ada, registration.applicationId());
        URI entry = act("reauthorize").location();
        assertThat(entry.getQuery()).contains(account);
        return entry;
    }

    private URI confirmed(URI confirmation) {
        return browser.get(confirmation).location();
    }

    private URI manage(String action) {
        return act(action).location();
    }

    /** Presses a button of Manage Your Apps. */
    private Page act(String action) {
        Page page = browser.open(URI.create(central() + "/apps/manage"));
        if (page.html().contains("sign-in-form")) {
            Page signedIn = browser.submit(page, 0, Map.of("email", ada.email(), "password", ada.password()));
            page = browser.open(signedIn.location());
        }
        return browser.submit(page, formOf(page), Map.of("action", action));
    }

    private int formOf(Page page) {
        for (int i = 0; ; i++) {
            if (page.field(i, "application_id").equals(registration.applicationId())) {
                return i;
            }
        }
    }

    private static String central() {
        return Amazon.url() + "/seller-central/jp";
    }

    private String callback() {
        return central() + "/apps/authorize/confirm/" + registration.applicationId();
    }

    private static String address(String callback, String state, String account) {
        return Shop.base() + "/oauth/amazon/login?amazon_callback_uri=" + encoded(callback) + "&amazon_state="
                + encoded(state) + "&selling_partner_id=" + encoded(account);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String withoutTokens(String html) {
        return html.replaceAll("value=\"[A-Za-z0-9_-]{43}\"", "");
    }

    private static io.restassured.response.ValidatableResponse assign(String id, UUID connection) {
        return admin().body(Map.of("connectionId", connection))
                .post("/api/unclaimed-connections/" + id + "/assign")
                .then();
    }

    private static String parameter(URI address, String name) {
        for (String pair : address.getRawQuery().split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        throw new IllegalStateException("No " + name);
    }
}
