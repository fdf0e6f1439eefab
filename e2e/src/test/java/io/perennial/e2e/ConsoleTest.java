package io.perennial.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.perennial.merchants.Seller;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** An operator's day in the console, with the real services behind it: in a browser, and by plain HTTP on every machine. */
@Order(4)
class ConsoleTest {
    private static final LocatorAssertions.ContainsTextOptions PATIENT =
            new LocatorAssertions.ContainsTextOptions().setTimeout(20_000);

    @Test
    void operator_creates_a_connection_and_sees_it_come_alive() {
        assumeTrue(Pages.inBrowser(), "No browser: the console is not walked");
        House house = House.shared();
        Seller seller = Seller.of(house.sandbox(), "EU", 5);
        try (BrowserPage operator = new BrowserPage()) {
            Page page = operator.raw();
            page.navigate(house.consoleUrl());
            page.locator("#username").selectOption("operator");
            page.locator("#sign-in").click();
            page.getByText("New connection").click();
            page.locator("#label").fill("Console shop");
            page.locator("#externalId").fill("console-one");
            page.locator("#tenantId").fill("acme");
            page.locator("#region").selectOption("EU");
            page.locator("[id='contacts[0].name']").fill("Ada Owner");
            page.locator("[id='contacts[0].email']").fill("owner@console.example");
            page.getByText("Create and make the link").click();
            assertThat(page.locator("h1")).hasText("Console shop is created");
            String link = Pattern.compile("http://localhost:\\d+/connect/[\\w-]+")
                    .matcher(page.content())
                    .results()
                    .findFirst()
                    .orElseThrow()
                    .group();

            page.getByText("Open the connection").click();
            assertThat(page.locator("h1")).hasText("Console shop");
            assertThat(page.locator("main")).containsText("Waiting for consent", PATIENT);
            try (Merchant merchant = new Merchant()) {
                merchant.open(link).signIn(seller).confirm().acceptStore().connected();
            }
            assertThat(page.locator("main")).containsText("Active", PATIENT);
            assertThat(page.locator("main")).containsText("First load", PATIENT);
            assertThat(page.locator("main")).containsText(seller.id(), PATIENT);
            operator.screenshot(Path.of("target", "console-connection.png"));

            page.getByText("Fetch My Data").first().click();
            assertThat(page.locator("#notices")).not().isEmpty();
            page.navigate(house.consoleUrl());
            page.locator("#q").fill("console-one");
            Locator line = page.locator("[data-line]");
            assertThat(line).hasCount(1);
            assertThat(line).containsText("Active");
            operator.screenshot(Path.of("target", "console-list.png"));
        }
    }

    @Test
    void without_scripts_an_operator_creates_a_connection_and_reads_how_it_comes_alive() {
        House house = House.shared();
        Seller seller = Seller.of(house.sandbox(), "NA", 2);
        ConsoleAgent agent = ConsoleAgent.signedIn(house);
        var page = agent.page();
        page.press("main a[href='/connections/new']");
        page.fill("#label", "Plain shop");
        page.fill("#externalId", "console-two");
        page.fill("#tenantId", "acme");
        page.choose("#region", "NA");
        page.fill("[id='contacts[0].name']", "Ada Owner");
        page.fill("[id='contacts[0].email']", "owner@plain.example");
        page.press("form.sheet button");
        assertThat(page.text("h1")).isEqualTo("Plain shop is created");
        String link = page.attribute("#link", "value");

        page.press(".acts a.strong");
        assertThat(page.text("h1")).isEqualTo("Plain shop");
        assertThat(page.text("main")).contains("Waiting for consent");
        String connection = page.attribute("#head", "data-part");
        try (Merchant merchant = Merchant.byHttp()) {
            merchant.open(link).signIn(seller).confirm().acceptStore().connected();
        }
        await("the first load is told")
                .atMost(60, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(
                        () -> assertThat(agent.connection(connection)).contains("Active", "First load", seller.id()));

        String reference = page.text("#reference");
        page.press("#do-fetch");
        assertThat(page.text(".notice")).contains("under way", "Plain shop");
        assertThat(agent.list("console-two")).contains("Plain shop", "Active");
        assertThat(agent.list(reference)).contains("Plain shop").doesNotContain("Console shop");
    }
}
