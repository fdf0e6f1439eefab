package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Api;
import io.perennial.merchants.Seller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways in that need more than one service, or a browser. */
@Order(2)
class WaysInTest {
    private static House house;

    @BeforeAll
    static void open_the_house() {
        house = House.shared();
    }

    @Test
    void a_vendor_authorizes_is_reminded_renews_and_has_nothing_to_fetch() {
        String mailbox = "owner@vendor.example";
        Seller vendor = Seller.vendor(house.sandbox(), "EU");
        String id = Connections.create(house, "vendors", "vendor-1", "AMAZON_VENDOR", vendor, mailbox);
        Connections.renew(house, id, vendor);
        house.awaitState(id, "ACTIVE");

        Api fetch = house.fetch("operator", "vendors");
        await("the fetch-orchestrator knows the vendor")
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> {
                    Api.Answer answer = fetch.call("POST", "/api/fetches", "{\"connections\":[\"" + id + "\"]}");
                    assertThat(answer.status()).isEqualTo(409);
                    assertThat(answer.body().path("code").asText()).isEqualTo("NOT_OFFERED");
                });
        LocalDate today = house.now().atZone(ZoneOffset.UTC).toLocalDate();
        JsonNode status = fetch.get("/api/load-status?connection=" + id + "&from=" + today + "&to=" + today);
        assertThat(status.findValuesAsText("status")).containsExactly("NOT_OFFERED");

        Instant endsAt = Instant.parse(house.connection(id).get("endsAt").asText());
        house.advance(
                Duration.between(house.now(), endsAt.minus(Duration.ofDays(30))).plusMinutes(5));
        JsonNode reminder = house.awaitMails(mailbox, 1).get(0);
        try (Merchant merchant = new Merchant()) {
            merchant.consent(Mail.link(reminder), vendor);
        }
        assertThat(house.connection(id).get("generation").asInt()).isEqualTo(2);
    }

    @Test
    void a_seller_renews_from_manage_your_apps() {
        Seller seller = Seller.of(house.sandbox(), "FE", 2);
        String id = Connections.authorize(house, "managed", "managed-1", seller, "owner@managed.example");
        try (Merchant merchant = new Merchant()) {
            Page page = merchant.signIn(central("jp", "manage"), seller).page();
            page.press("button[value=reauthorize]");
            assertThat(page.url()).contains("/oauth/amazon/login");
            assertThat(page.text()).contains(seller.id());
            page.press("#continue");
            assertThat(page.has("[data-outcome=connected]") || page.has("[data-outcome=checking]"))
                    .as(page.text())
                    .isTrue();
        }
        await("the renewal")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> house.connection(id).get("generation").asInt() == 2);
    }

    @Test
    void a_seller_whom_nobody_knows_waits_at_the_login_uri_and_claims_his_consent_by_link() {
        Seller seller = Seller.of(house.sandbox(), "FE", 1);
        try (Merchant merchant = new Merchant()) {
            Page page = merchant.signIn(central("jp", "store"), seller).page();
            page.press("[data-application='" + Application.usual(house) + "']");
            page.press("#continue");
            assertThat(page.text()).contains("Amazon has your permission", seller.name());

            String id = Connections.create(house, "claimed", "claimed-1", seller, "owner@claimed.example");
            page.open(Connections.link(house, id));
            page.press("#claim");
            assertThat(page.has("[data-outcome=connected]") || page.has("[data-outcome=checking]"))
                    .as(page.text())
                    .isTrue();
            house.awaitState(id, "ACTIVE");
        }
    }

    @Test
    void a_seller_whose_year_is_over_is_known_on_the_ways_of_new_sellers_and_renews() {
        List<Seller> newcomers = Seller.more(house.sandbox(), 3);
        Seller enabling = Seller.inRegion(newcomers, "FE").get(0);
        Seller shopping = Seller.inRegion(newcomers, "EU").get(0);
        Instant granted = house.now().minus(Duration.ofDays(365)).plus(Duration.ofMinutes(20));
        Map<String, String> ids = Imported.bring(house, "late", List.of(enabling, shopping), granted, null);
        Api operator = house.auth("operator", "late");
        ids.values().forEach(id -> operator.post("/api/connections/" + id + "/probe", "{}"));
        house.advance(Duration.ofMinutes(25));
        ids.forEach((account, id) -> {
            house.awaitState(id, "OVERDUE");
            house.sandbox().call("POST", "/sandbox/sellers/" + account + "/expire", "{}");
            operator.post("/api/connections/" + id + "/probe", "{}");
            house.awaitState(id, "EXPIRED");
        });

        // Manage Your Apps: Amazon calls back at once, with a code and without any state of ours.
        try (Merchant merchant = Merchant.byHttp()) {
            Page page = merchant.signIn(central("jp", "manage"), enabling).page();
            page.press("button[value=enable]");
            assertThat(page.text()).contains("One more step", enabling.id());
            page.press("#region-FE");
            merchant.confirm().connected();
        }
        // The Appstore: Amazon comes to the Login URI, as with somebody whom nobody knows.
        try (Merchant merchant = Merchant.byHttp()) {
            Page page = merchant.signIn(central("de", "store"), shopping).page();
            page.press("[data-application='" + Application.usual(house) + "']");
            assertThat(page.url()).contains("/oauth/amazon/login");
            page.press("#continue");
            merchant.connected();
        }
        ids.values().forEach(id -> {
            house.awaitState(id, "ACTIVE");
            assertThat(house.connection(id).get("generation").asInt()).isEqualTo(2);
        });
        assertThat(house.auth("operator").get("/api/unclaimed-connections").toString())
                .doesNotContain(enabling.id(), shopping.id());
    }

    @Test
    void a_seller_authorizes_an_application_that_is_still_a_draft() {
        Application draft = Application.enter(house, "Draft", true, false);
        Seller seller = Seller.of(house.sandbox(), "NA", 6);
        String id = Connections.create(house, "draft", draft, seller);
        try (Merchant merchant = Merchant.byHttp()) {
            merchant.open(Connections.link(house, id)).signIn(seller);
            assertThat(merchant.page().url()).contains("version=beta");
            merchant.confirm().connected();
        }
        house.awaitState(id, "ACTIVE");
    }

    @Test
    void the_owner_of_a_private_application_pastes_a_token_and_has_no_year() {
        Application own = Application.enter(house, "Own", false, true);
        Seller seller = Seller.of(house.sandbox(), "NA", 7);
        String id = Connections.create(house, "own", own, seller);
        String path = "/api/connections/" + id + "/self-authorization";
        Api.Answer wrong = house.auth("operator", "own").call("POST", path, "{\"refreshToken\":\"Atzr|wrong\"}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().toString()).doesNotContain("Atzr");

        String token = Application.token(house, seller, own.applicationId());
        house.auth("operator", "own").post(path, "{\"refreshToken\":\"" + token + "\"}");
        JsonNode connection = house.connection(id);
        assertThat(connection.get("state").asText()).isEqualTo("ACTIVE");
        assertThat(connection.has("endsAt")).isFalse();
        assertThat(connection.get("setup").toString()).contains("ACCOUNT_UNVERIFIED");
    }

    @Test
    void an_imported_authorization_is_watched_gets_its_orders_and_renews_without_an_operator(@TempDir Path directory)
            throws IOException {
        Seller seller = Seller.of(house.sandbox(), "NA", 4);
        Instant granted = house.now().minus(Duration.ofDays(100)).truncatedTo(ChronoUnit.SECONDS);
        String good =
                """
                {"tenantId":"moved","externalId":"moved-1","provider":"AMAZON_SELLER","region":"NA","accountId":"%s",\
                "grantedAt":"%s","coveredUntil":"%s","marketplaces":["%s"],"refreshToken":"%s"}
                """
                        .formatted(
                                seller.id(),
                                granted,
                                house.now().minus(Duration.ofDays(2)),
                                seller.marketplaces().get(0),
                                Application.token(house, seller, Application.usual(house)));
        Path file = Files.writeString(
                directory.resolve("moved.ndjson"),
                good + good.replace("moved-1", "moved-2").replace("\"NA\"", "\"MARS\""));
        CommandLine.Result dry = CommandLine.run(house, "import", file.toString(), "--dry-run");
        assertThat(dry.output())
                .contains("Dry run: 2 lines, 1 imported, 0 there already, 1 with faults", "line 2: region")
                .doesNotContain("Atzr");
        assertThat(house.auth("viewer", "moved")
                        .get("/api/connections?tenant=moved")
                        .get("items"))
                .isEmpty();

        CommandLine.Result run = CommandLine.run(house, "import", file.toString());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output()).contains("Import: 2 lines, 1 imported, 0 there already, 1 with faults");
        assertThat(CommandLine.run(house, "import", "--again", file.toString()).output())
                .contains("Import: 2 lines, 0 imported, 1 there already, 1 with faults");
        String id = house.auth("viewer", "moved")
                .get("/api/connections?tenant=moved")
                .get("items")
                .get(0)
                .get("id")
                .asText();

        await("the calendar knows its end").atMost(30, TimeUnit.SECONDS).until(() -> house.monitor("viewer", "moved")
                .get("/api/expiries?withinDays=366&limit=200")
                .toString()
                .contains(granted.plus(Duration.ofDays(365)).toString()));
        await("its first load")
                .atMost(60, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(house.fetch("viewer", "moved")
                                .get("/api/fetches?connection=" + id)
                                .get("fetches"))
                        .anyMatch(fetch -> fetch.path("reason").asText().equals("FIRST_LOAD")
                                && fetch.path("state").asText().equals("COMPLETED")));
        house.auth("operator", "moved").post("/api/connections/" + id + "/probe", "{}");
        assertThat(house.connection(id).path("accountName").asText()).isEqualTo(seller.name());

        Connections.renew(house, id, seller);
        assertThat(house.connection(id).get("generation").asInt()).isEqualTo(2);
    }

    @Test
    void a_renewal_that_nothing_speaks_for_waits_for_an_operator_who_accepts_it() {
        Seller seller = Seller.of(house.sandbox(), "NA", 5);
        String id = Connections.authorize(house, "reviews", "review-1", seller, "owner@reviews.example");
        Api operator = house.auth("operator", "reviews");
        // Amazon does not say what the new token opens, for longer than we ask.
        house.faults(
                "[{\"operation\":\"getMarketplaceParticipations\",\"kind\":\"html\",\"probability\":1.0,\"seed\":1}]");
        try (Merchant merchant = new Merchant()) {
            merchant.open(Connections.link(house, id)).signIn(seller).confirm();
            assertThat(merchant.page().has("[data-outcome=checking]")).isTrue();
            house.advance(Duration.ofMinutes(61));
            JsonNode review = await("the consent waits for an operator")
                    .atMost(30, TimeUnit.SECONDS)
                    .pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> operator.get("/api/consent-reviews").at("/items/0"), JsonNode::isObject);
            assertThat(review.path("connectionId").asText()).isEqualTo(id);
            assertThat(house.connection(id).get("generation").asInt()).isEqualTo(1);

            operator.post("/api/consent-reviews/" + review.get("id").asText(), "{\"decision\":\"ACCEPT\"}");
            await("the renewal")
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> house.connection(id).get("generation").asInt() == 2);
            merchant.page().open(merchant.page().url());
            assertThat(merchant.page().has("[data-outcome=connected]")).isTrue();
        } finally {
            house.faults("[]");
        }
    }

    @Test
    void a_list_of_connections_stays_in_sight_and_ticks_what_came_back_in_another_window() {
        assumeTrue(Pages.inBrowser(), "a window of its own needs a browser");
        Seller american = Seller.of(house.sandbox(), "NA", 1);
        Seller european = Seller.of(house.sandbox(), "EU", 3);
        String america = Connections.create(house, "windows", "windows-na", american, "na@windows.example");
        String europe = Connections.create(house, "windows", "windows-eu", european, "eu@windows.example");
        String link = Connections.link(house, europe, america);
        try (BrowserPage list = new BrowserPage()) {
            list.open(link);
            com.microsoft.playwright.Page window = list.raw()
                    .waitForPopup(() -> list.raw().locator("#authorize").click());
            window.locator("#email").fill(american.email());
            window.locator("#password").fill(american.password());
            window.locator("#sign-in").click();
            window.locator("#consent").check();
            window.locator("#confirm").click();
            window.locator("[data-outcome=connected]").waitFor();

            list.raw().locator(".card.back").waitFor();
            assertThat(list.raw().locator(".card.back").getAttribute("data-connection"))
                    .isEqualTo(america);
            assertThat(list.raw().locator("form[data-popup]").count()).isEqualTo(1);
            assertThat(List.of(list.attribute("form input[name=connection]", "value")))
                    .containsExactly(europe);
        }
    }

    @Test
    void where_no_window_may_open_the_whole_page_goes_to_amazon_and_comes_back_with_the_next_connection() {
        assumeTrue(Pages.inBrowser(), "only a browser blocks windows");
        Seller american = Seller.of(house.sandbox(), "NA", 1);
        Seller european = Seller.of(house.sandbox(), "EU", 3);
        String america = Connections.create(house, "blocked", "blocked-na", american, "na@blocked.example");
        String europe = Connections.create(house, "blocked", "blocked-eu", european, "eu@blocked.example");
        String link = Connections.link(house, europe, america);
        try (BrowserPage page = new BrowserPage();
                Merchant merchant = new Merchant(page)) {
            // What window.open answers where a browser blocks it.
            page.raw().addInitScript("window.open = () => null");
            merchant.open(link).signIn(american).confirm().connected();
            assertThat(page.text()).contains("Next: blocked-eu").doesNotContain("close this window");
            page.press("#next");
            merchant.switchTo(european).confirm().connected();
            assertThat(page.raw().context().pages()).hasSize(1);
            house.awaitState(america, "ACTIVE");
            house.awaitState(europe, "ACTIVE");
        }
    }

    @Test
    void a_merchant_returns_to_the_registered_address_with_connection_and_outcome() throws IOException {
        Seller seller = Seller.of(house.sandbox(), "EU", 4);
        Seller stranger = Seller.of(house.sandbox(), "EU", 1);
        String id = Connections.create(house, "returns", "returns-1", seller, "owner@returns.example");
        try (Returns returns = new Returns()) {
            assertThat(house.auth("admin")
                            .call(
                                    "PUT",
                                    "/api/tenants/returns",
                                    "{\"name\":\"Returns\",\"returnUrls\":[\"" + returns.address() + "\"]}")
                            .status())
                    .isEqualTo(200);
            String wanted = "{\"connections\":[\"" + id + "\"],\"returnUrl\":\"%s\"}";
            Api operator = house.auth("operator", "returns");
            Api.Answer foreign = operator.call(
                    "POST", "/api/consent-links", wanted.formatted(returns.address() + "&to=https://evil.example"));
            assertThat(foreign.status()).isEqualTo(400);
            assertThat(foreign.body().at("/errors/0/field").asText()).isEqualTo("returnUrl");

            String link = operator.post("/api/consent-links", wanted.formatted(returns.address()))
                    .get("url")
                    .asText();
            try (Merchant merchant = Merchant.byHttp()) {
                merchant.open(link).signIn(stranger).confirm().ends("wrong-account");
                merchant.page().press("[data-outcome] [rel=noreferrer]");
            }
            try (Merchant merchant = new Merchant()) {
                merchant.consent(link, seller).page().press("[data-outcome] [rel=noreferrer]");
                await("both visits, which name no page that they come from")
                        .atMost(30, TimeUnit.SECONDS)
                        .untilAsserted(() -> assertThat(returns.visits())
                                .containsExactly(
                                        "tab=amazon&connection=" + id + "&outcome=wrong-account from null",
                                        "tab=amazon&connection=" + id + "&outcome=connected from null"));
            }
        }
    }

    private static String central(String country, String page) {
        return house.stack().url(StackService.SANDBOX) + "/seller-central/" + country + "/apps/" + page;
    }
}
