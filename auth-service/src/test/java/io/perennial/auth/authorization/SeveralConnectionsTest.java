package io.perennial.auth.authorization;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.Registration;
import io.perennial.auth.Shop;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One link for several connections, the way back to the integrator, and the ways of vendors. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class SeveralConnectionsTest {
    private static final String BACK = "https://shop.example/settings?tab=amazon";

    private final Browser browser = new Browser();
    private Shop shop;

    @BeforeEach
    void a_tenant_with_a_page_to_return_to() {
        shop = new Shop();
        admin().body(Map.of("name", "Acme Shops", "returnUrls", List.of(BACK)))
                .put("/api/tenants/" + shop.tenant())
                .then()
                .statusCode(200);
    }

    @Test
    void a_link_lists_its_connections_by_region_ticks_what_is_back_and_offers_the_next() throws Exception {
        String app = Registration.ofSellers().enter();
        Seller european = Amazon.nextSeller("EU");
        Seller american = Amazon.nextSeller("NA");
        UUID europe = Registration.connection(shop.tenant(), app, Map.of("expectedAccountId", european.id()));
        UUID america = Registration.connection(shop.tenant(), app, in("NA", "ATVPDKIKX0DER", american.id()));
        URI link = link(null, europe, america);

        Page landing = browser.get(link);
        assertThat(landing.html()).containsSubsequence("North America", "Europe");
        assertThat(landing.field(0, "connection")).isEqualTo(america.toString());
        assertThat(landing.header("content-security-policy")).contains("script-src 'self'", "connect-src 'self'");
        List<String> told = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> stream = listen(link, told);

        Page first = browser.open(
                browser.consent(browser.submit(landing, 0, Map.of()).location(), american));
        assertThat(first.html())
                .contains("You are connected", "Next: ", "(Europe)")
                .contains(
                        "Sign out at Amazon before you go on",
                        "Account to sign in with for the next one: ",
                        "(Seller id " + european.id() + "), DE.")
                .doesNotContain("close this window");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> told.contains("event: changed") || told.contains("event:changed"));
        stream.cancel(true);
        Page between = browser.get(link);
        assertThat(between.html()).contains("✓", "Already connected");
        assertThat(between.field(0, "connection")).isEqualTo(europe.toString());

        URI next = browser.submit(first, 0, Map.of()).location();
        assertThat(next.toString()).startsWith(Amazon.url());
        Browser other = browser;
        Page second = other.open(signedOut(other, next, european));
        assertThat(second.html())
                .contains("You are connected", "close this window")
                .doesNotContain("Next: ", "next one");
        assertThat(shop.state(europe)).isEqualTo("ACTIVE");
        assertThat(shop.state(america)).isEqualTo("ACTIVE");
    }

    @Test
    void the_way_back_names_the_connection_and_what_became_of_it() {
        Seller ada = Amazon.nextSeller("EU");
        UUID connection = shop.connection("shop-1", ada.id());
        Page result = browser.open(browser.consent(shop.start(browser, link(BACK, connection)), ada));
        assertThat(result.html())
                .contains("https://shop.example/settings?tab=amazon&amp;connection=" + connection
                        + "&amp;outcome=connected");

        Page refused = browser.open(
                new Browser().consent(shop.start(new Browser(), link(BACK, connection)), Amazon.nextSeller("EU")));
        assertThat(refused.html()).as("another browser sees nothing").doesNotContain("shop.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "//evil.example",
                "https:evil.example",
                "/\\evil.example",
                "%2F%2Fevil.example",
                "https://shop.example@evil.example/settings?tab=amazon",
                "https://shop.example/settings?tab=amazon&next=https://evil.example",
                "https://shop.example/settings",
                "https://sh\u043ep.example/settings?tab=amazon",
                "javascript:alert(1)",
                "https://shop.example/settings?tab=amazon\n",
                "\thttps://shop.example/settings?tab=amazon",
                "HTTPS://shop.example/settings?tab=amazon"
            })
    void only_a_registered_address_is_a_way_back(String address) {
        UUID connection = shop.connection("shop-1", null);
        admin().body(Map.of("connections", List.of(connection), "returnUrl", address))
                .post("/api/consent-links")
                .then()
                .statusCode(400)
                .body("errors.field", contains("returnUrl"));
    }

    @Test
    void a_vendor_authorizes_in_vendor_central_is_watched_and_renews() {
        Registration registration = Registration.of("AMAZON_VENDOR", "vendor-central", true);
        Seller vendor = Amazon.vendor("EU");
        UUID connection = Registration.connection(
                shop.tenant(),
                registration.enter(),
                Map.of("provider", "AMAZON_VENDOR", "expectedAccountId", vendor.id()));
        URI link = shop.link(connection);
        assertThat(browser.get(link).html())
                .contains("Amazon vendor account", "main Vendor Central credentials", "Vendor group")
                .doesNotContain("Seller Central credentials", "selling plan", "Seller id");
        URI consent = shop.start(browser, link);
        assertThat(consent.toString()).startsWith(Amazon.url() + "/vendor-central/de/apps/authorize/consent");
        assertThat(browser.open(browser.consent(consent, vendor)).html()).contains("You are connected");
        as("token-reader", "*")
                .post("/api/connections/" + connection + "/access-token")
                .then()
                .statusCode(200)
                .body("provider", equalTo("AMAZON_VENDOR"));
        admin().post("/api/connections/" + connection + "/probe").then().body("result", equalTo("ALIVE"));

        assertThat(shop.authorize(browser, connection, vendor).html()).contains("You are connected");
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(2);
        Amazon.revoke(vendor);
        admin().post("/api/connections/" + connection + "/probe").then().body("result", equalTo("REFUSED"));
    }

    @Test
    void a_draft_application_asks_with_version_beta_and_without_it_no_more() {
        Registration registration = Registration.of("AMAZON_SELLER", "seller-central", false);
        String app = registration.enter();
        Seller ada = Amazon.nextSeller("EU");
        UUID connection = Registration.connection(shop.tenant(), app, Map.of("expectedAccountId", ada.id()));
        URI draft = shop.start(browser, shop.link(connection));
        assertThat(draft.getQuery()).endsWith("version=beta");
        assertThat(browser.open(browser.consent(draft, ada)).html()).contains("You are connected");

        admin().body(Map.of("draft", false)).patch("/api/apps/" + app).then().statusCode(200);
        assertThat(shop.start(browser, shop.link(connection)).getQuery()).doesNotContain("version");
    }

    @Test
    void an_application_may_name_another_site_for_a_marketplace() {
        String germany = Amazon.url() + "/seller-central/fr";
        String app = Registration.ofSellers()
                .withConsentSite("A1PA6795UKMFR9", germany)
                .enter();
        UUID connection = Registration.connection(shop.tenant(), app, Map.of());
        assertThat(shop.start(browser, shop.link(connection)).toString())
                .startsWith(germany + "/apps/authorize/consent");
        admin().get("/api/apps/" + app)
                .then()
                .body("endpoints.consentSites.A1PA6795UKMFR9", equalTo(germany))
                .body("endpoints.consentSites.ATVPDKIKX0DER", nullValue());
        admin().body(Map.of("endpoints", Map.of("consentSites", Map.of("NOWHERE", germany))))
                .patch("/api/apps/" + app)
                .then()
                .statusCode(400);
    }

    private static Map<String, Object> in(String region, String marketplace, String account) {
        return Map.of("region", region, "marketplaces", List.of(marketplace), "expectedAccountId", account);
    }

    private URI link(String returnUrl, UUID... connections) {
        Map<String, Object> body = returnUrl == null
                ? Map.of("connections", List.of(connections))
                : Map.of("connections", List.of(connections), "returnUrl", returnUrl);
        String url = admin().body(body)
                .post("/api/consent-links")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        return URI.create(Shop.base() + URI.create(url).getPath());
    }

    /** Amazon remembers the last account: the merchant signs out before the next region. */
    private static URI signedOut(Browser browser, URI consent, Seller seller) {
        browser.open(URI.create(Amazon.url() + "/seller-central/de/signout"));
        return browser.consent(consent, seller);
    }

    private static CompletableFuture<Void> listen(URI link, List<String> told) {
        return HttpClient.newHttpClient()
                .sendAsync(HttpRequest.newBuilder(URI.create(link + "/events")).build(), BodyHandlers.ofLines())
                .thenAcceptAsync(answer -> answer.body().forEach(told::add));
    }
}
