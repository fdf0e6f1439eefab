package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.launcher.stack.StackService;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

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
        Seller vendor = Seller.vendor(house, "EU");
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
        Seller seller = Seller.of(house, "FE", 2);
        String id = Connections.authorize(house, "managed", "managed-1", seller, "owner@managed.example");
        try (Page page = Pages.fresh()) {
            page.open(house.stack().url(StackService.SANDBOX) + "/seller-central/jp/apps/manage");
            page.fill("#email", seller.email());
            page.fill("#password", seller.password());
            page.press("#sign-in");
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
    void a_list_of_connections_stays_in_sight_and_ticks_what_came_back_in_another_window() {
        assumeTrue(Pages.inBrowser(), "a window of its own needs a browser");
        Seller american = Seller.of(house, "NA", 1);
        Seller european = Seller.of(house, "EU", 3);
        String america =
                Connections.create(house, "windows", "windows-na", "AMAZON_SELLER", american, "na@windows.example");
        String europe =
                Connections.create(house, "windows", "windows-eu", "AMAZON_SELLER", european, "eu@windows.example");
        String link = house.auth("operator")
                .post("/api/consent-links", "{\"connections\":[\"" + europe + "\",\"" + america + "\"]}")
                .get("url")
                .asText();
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
}
