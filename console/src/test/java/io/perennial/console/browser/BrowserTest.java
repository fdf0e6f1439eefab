package io.perennial.console.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.perennial.console.Shop.aShop;
import static io.perennial.console.Shop.inDays;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitUntilState;
import io.perennial.console.Publisher;
import io.perennial.console.Shop;
import io.perennial.console.Surroundings;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Reference;
import io.perennial.testsupport.SystemBrowser;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "console")
@WithTestResource(Surroundings.class)
class BrowserTest {
    private static final Path SHOTS = Path.of("target", "screenshots");

    /** The keyboard's place is found again by the id. */
    private static final String WITHOUT_ID =
            """
            [...document.querySelectorAll('[hx-trigger*=changed], [hx-trigger*=every]')]
              .filter(part => part.matches('section, div, li'))
              .flatMap(part => [...part.querySelectorAll('a, button, input:not([type=hidden]), select, [tabindex]')])
              .filter(control => !control.id)
              .map(control => control.outerHTML)""";

    static SystemBrowser chromium;

    @TestHTTPResource("/")
    URI base;

    Publisher publisher;
    BrowserContext context;
    Page page;
    final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void start() {
        chromium = SystemBrowser.start("The console's browser test");
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() {
        publisher = new Publisher();
        context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setBaseURL(base.toString())
                        .setPermissions(List.of("clipboard-read", "clipboard-write"))
                        .setViewportSize(1280, 900));
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    @AfterEach
    void close() {
        context.close();
        publisher.close();
    }

    @Test
    void a_line_changes_before_the_eyes_of_who_looks_at_it() {
        Shop shop = aShop("live", "Live shop");
        publisher.publish(1, shop.pending());
        signIn("live");
        Locator line = page.locator("#c-" + shop.id());
        assertThat(line).containsText("Waiting for consent");

        publisher.publish(2, shop.state(ConnectionStatus.ACTIVE, 1, inDays(365)));
        assertThat(line).containsText("Active");

        UUID fetch = UUID.randomUUID();
        publisher.publish(1, shop.fetchStarted(fetch));
        publisher.publish(2, shop.fetchProgressed(fetch, 3, 300));
        assertThat(line).containsText("Fetching: 300 orders so far");
        publisher.publish(3, shop.fetchCompleted(fetch, 4, 350));
        assertThat(line).not().containsText("Fetching");

        Shop second = aShop("live", "Arrives later");
        publisher.publish(1, second.pending());
        assertThat(page.locator("#c-" + second.id())).containsText("Arrives later");
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_link_is_copied_and_a_mail_is_asked_for_without_leaving_the_list() {
        Shop shop = aShop("buttons", "Button shop");
        publisher.publish(1, shop.state(ConnectionStatus.EXPIRED, 1, inDays(-4)));
        publisher.publish(1, shop.expired(1));
        signIn("buttons");

        page.locator("#link-" + shop.id()).click();
        assertThat(page.locator("#notices")).containsText("Link for Button shop");
        assertThat(page.locator("[data-copy]")).hasText("Copied");
        assertThat(page.evaluate("navigator.clipboard.readText()"))
                .isEqualTo("http://localhost:8081/connect/a-link-for-the-test");
        page.locator("#mail-" + shop.id()).click();
        assertThat(page.locator("#notices")).containsText("is on its way");
        assertThat(page).hasURL(base.toString());
        assertThat(complaints).isEmpty();
    }

    @Test
    void the_reference_number_is_copied_from_the_page_of_a_connection() {
        Shop shop = listed(aShop("reference", "Reference shop"));

        page.locator("[data-line] a").first().click();
        page.locator("[data-copy=reference]").click();
        assertThat(page.locator("[data-copy=reference]")).hasText("Copied");
        assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(Reference.of(shop.id()));
        assertThat(complaints).isEmpty();
    }

    @Test
    void what_only_the_script_can_do_is_not_offered_before_it_listens() {
        Shop shop = listed(aShop("slow", "Slow shop"));
        List<Route> held = new ArrayList<>();
        page.route("**/console.js*", held::add);
        Locator copy = page.locator("[data-copy=reference]");

        page.navigate("/connections/" + shop.id(), new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
        assertThat(page.locator("#reference")).isVisible();
        assertThat(copy).isHidden();
        page.waitForCondition(() -> !held.isEmpty());
        held.forEach(Route::resume);
        copy.click();
        assertThat(copy).hasText("Copied");
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_change_takes_neither_the_word_copied_nor_the_keyboard_away() {
        Shop shop = opened(aShop("kept", "Kept shop"));
        Locator copy = page.locator("[data-copy=reference]");
        copy.focus();
        page.keyboard().press("Enter");
        assertThat(copy).hasText("Copied");

        publisher.publish(2, shop.state(ConnectionStatus.SUSPECT, 1, inDays(200)));
        assertThat(page.locator("#head .state")).containsText("Being checked");
        assertThat(copy).hasText("Copied");
        assertThat(copy).isFocused();

        page.locator("#do-link").click();
        assertThat(page.locator("[data-copy=link]")).hasText("Copied");
        assertThat(copy).hasText("Copy");
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_change_between_press_and_release_does_not_take_the_click_away() {
        Shop shop = listed(aShop("pressed", "Pressed shop"));
        Locator link = page.locator("#c-" + shop.id() + " a");
        link.hover();
        page.mouse().down();

        page.waitForResponse(
                answer -> answer.url().contains("/list/lines"),
                () -> publisher.publish(2, shop.state(ConnectionStatus.SUSPECT, 1, inDays(200))));
        page.waitForTimeout(500);
        page.mouse().up();
        assertThat(page).hasURL(Pattern.compile(".*/connections/" + shop.id()));
        assertThat(complaints).isEmpty();
    }

    @Test
    void where_the_browser_keeps_its_clipboard_the_text_is_selected() {
        // as it is on a page without https
        context.addInitScript("Object.defineProperty(navigator, 'clipboard', {value: undefined})");
        Shop shop = opened(aShop("kept-back", "Clipboard shop"));
        Locator copy = page.locator("[data-copy=reference]");

        copy.click();
        assertThat(copy).hasText("Selected: copy it");
        assertThat(page.evaluate("getSelection().toString()")).isEqualTo(Reference.of(shop.id()));
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_tick_stays_while_changes_arrive_until_it_is_sent() {
        Shop shop = opened(aShop("ticks", "Advertiser").advertising());
        Locator profile = page.locator("#profiles input[value='1234567890123456789']");
        profile.check();

        page.waitForResponse(
                answer -> answer.url().endsWith("/profiles")
                        && answer.request().method().equals("GET"),
                () -> publisher.publish(2, shop.state(ConnectionStatus.SUSPECT, 1, inDays(200))));
        assertThat(page.locator("#head .state")).containsText("Being checked");
        assertThat(profile).isChecked();
        page.waitForResponse(
                answer -> answer.url().endsWith("/profiles")
                        && answer.request().method().equals("GET"),
                () -> page.locator("#do-profiles").click());
        // the stand-in forgets what was chosen: what is shown now is the service's word
        assertThat(profile).not().isChecked();
        assertThat(complaints).isEmpty();
    }

    @Test
    void who_signs_out_is_out() {
        signIn("leaving");
        assertThat(page.locator("#list")).containsText("No connections yet");

        page.getByText("Sign out").click();
        assertThat(page.locator("h1")).hasText("You are signed out");
        page.navigate("/");
        assertThat(page.locator("[name=username]")).isVisible();
    }

    @Test
    void searching_narrows_the_list_while_typing_and_works_by_keyboard() {
        Shop tea = aShop("search", "Tea house");
        Shop bread = aShop("search", "Bread house");
        publisher.publish(1, tea.state(ConnectionStatus.ACTIVE, 1, inDays(200)));
        publisher.publish(1, bread.state(ConnectionStatus.ACTIVE, 1, inDays(200)));
        signIn("search");
        assertThat(page.locator("[data-line]")).hasCount(2);

        page.locator("#q").focus();
        page.keyboard().type("brea");
        assertThat(page.locator("[data-line]")).hasCount(1);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Bread house"))
                .focus();
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Bread house")))
                .isVisible();
        assertThat(page.locator("#load")).containsText("Complete");
        assertThat(complaints).isEmpty();
    }

    @Test
    void pages_stand_in_light_dark_and_narrow_windows() {
        scene();
        signIn("acme-shots");
        assertThat(page.locator("#counts a")).hasCount(4);
        assertThat(page.locator("[data-line]")).hasCount(7);
        shoot("list");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        shoot("list-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.setViewportSize(390, 800);
        shoot("list-narrow");
        assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
        page.setViewportSize(1280, 900);

        page.locator("[data-line] a").first().click();
        assertThat(page.locator("#load")).containsText("Complete");
        shoot("connection");
        page.setViewportSize(390, 800);
        shoot("connection-narrow");
        assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
        page.setViewportSize(1280, 900);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        shoot("connection-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));

        page.navigate("/suppressions?lifted=true");
        assertThat(page.locator("#unheard")).hasText("Nobody hears us");
        shoot("suppressions");
        page.setViewportSize(390, 800);
        shoot("suppressions-narrow");
        assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
        page.setViewportSize(1280, 900);
        page.locator("#q").focus();
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().type("called & asked");
        page.keyboard().press("Enter");
        assertThat(page.locator("#notices")).containsText("Mails may go there again");

        page.navigate("/expiries?days=90");
        shoot("expiries");
        page.navigate("/connections/new");
        shoot("create");
        page.locator("#label").fill("Refused");
        page.getByText("Create and make the link").click();
        assertThat(page.locator("#externalId-error")).hasText("is taken");
        shoot("create-refused");
        page.locator("#label").fill("Blue Bicycle");
        page.getByText("Create and make the link").click();
        assertThat(page.locator("h1")).hasText("Blue Bicycle is created");
        shoot("created");
        assertThat(complaints).noneMatch(complaint -> complaint.contains("Content Security Policy"));
    }

    private void scene() {
        String tenant = "acme-shots";
        Shop expired = aShop(tenant, "Kontor Nordlicht");
        publisher.publish(1, expired.state(ConnectionStatus.EXPIRED, 1, inDays(-6)));
        publisher.publish(1, expired.created());
        publisher.publish(2, expired.authorized(inDays(-6)));
        publisher.publish(1, expired.fetchCompleted(UUID.randomUUID(), 4, 320));
        publisher.publish(1, expired.reminded(30));
        publisher.publish(1, expired.reminded(2));
        publisher.publish(3, expired.expired(1));
        Shop soon = aShop(tenant, "Teehaus am Markt");
        publisher.publish(1, soon.state(ConnectionStatus.ACTIVE, 1, inDays(12)));
        Shop active = aShop(tenant, "Blue Bicycle Parts");
        publisher.publish(1, active.state(ConnectionStatus.ACTIVE, 2, inDays(301)));
        publisher.publish(1, active.fetchStarted(UUID.randomUUID()));
        Shop suspect = aShop(tenant, "Sternenzelt Outdoor");
        publisher.publish(1, suspect.state(ConnectionStatus.SUSPECT, 1, inDays(44)));
        Shop revoked = aShop(tenant, "Papier & Feder");
        publisher.publish(1, revoked.state(ConnectionStatus.REVOKED, 3, inDays(80)));
        publisher.publish(1, revoked.wrongAccount(3));
        publisher.publish(2, revoked.unheard(3));
        Shop pending = aShop(tenant, "New Moon Candles");
        publisher.publish(1, pending.pending());
        Shop overdue = aShop(tenant, "Alte Mühle");
        publisher.publish(1, overdue.state(ConnectionStatus.OVERDUE, 1, inDays(-1)));
    }

    /** An active connection, in the list of who has signed in. */
    private Shop listed(Shop shop) {
        publisher.publish(1, shop.state(ConnectionStatus.ACTIVE, 1, inDays(200)));
        signIn(shop.tenant());
        return shop;
    }

    /** An active connection, with its page open. */
    private Shop opened(Shop shop) {
        listed(shop);
        page.navigate("/connections/" + shop.id());
        return shop;
    }

    private void signIn(String tenant) {
        page.navigate("/");
        page.locator("[name=username]").fill("olga");
        page.locator("[name=claims]")
                .fill("{\"roles\":[\"operator\",\"viewer\"],\"tenants\":[\"" + tenant
                        + "\"],\"preferred_username\":\"olga\"}");
        page.locator("[type=submit]").first().click();
        assertThat(page.locator("h1")).hasText("Connections");
        // the issuer's own page is not ours to judge
        complaints.clear();
        assertThat(page.locator("#live-state")).hasText("Live");
    }

    private void shoot(String name) {
        assertThat((List<?>) page.evaluate(WITHOUT_ID))
                .as("what the keyboard can reach in a part that changes by itself, on page %s, has an id", name)
                .isEmpty();
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SHOTS.resolve(name + ".png"))
                .setFullPage(true));
    }
}
