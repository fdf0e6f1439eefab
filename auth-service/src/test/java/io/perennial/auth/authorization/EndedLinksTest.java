package io.perennial.auth.authorization;

import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Until when a link works, and what it says afterwards. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class EndedLinksTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String BUTTON = "id=\"authorize\"";
    private static final String ENDED = "This link has ended";

    private final Browser browser = new Browser();
    private Shop shop;
    private Seller ada;

    @BeforeEach
    void a_shop() {
        shop = new Shop();
        ada = Amazon.nextSeller("EU");
    }

    @Test
    void a_link_that_is_made_long_after_the_end_works_when_those_from_before_it_do_not_any_more() {
        UUID connection = shop.connected("shop-1", ada);
        URI before = shop.link(connection);
        TestClock.shared().advance(Duration.ofDays(365 + 59));
        assertThat(browser.get(before).html()).contains(BUTTON);

        TestClock.shared().advance(Duration.ofDays(2));
        // It may be removed already.
        assertThat(browser.get(before).html()).doesNotContain(BUTTON);
        URI after = shop.link(connection);
        assertThat(browser.get(after).html()).contains(BUTTON).doesNotContain(ENDED);
        assertThat(browser.open(browser.consent(shop.start(browser, after), ada))
                        .html())
                .contains("You are connected");
    }

    @Test
    void a_link_that_is_made_long_after_the_end_ends_too() {
        UUID connection = shop.connected("shop-1", ada);
        TestClock.shared().advance(Duration.ofDays(365 + 61));
        URI link = shop.link(connection);
        assertThat(browser.get(link).html()).contains(BUTTON);
        TestClock.shared().advance(Duration.ofDays(60));
        assertThat(browser.get(link).html()).doesNotContain(BUTTON);
    }

    @Test
    void what_was_used_says_that_it_has_ended_once_its_grant_is_gone() {
        UUID connection = shop.connection("shop-1", ada.id());
        URI link = shop.link(connection);
        Browser second = new Browser();
        URI back = browser.consent(shop.start(browser, link), ada);
        URI secondBack = second.consent(shop.start(second, link), ada);
        assertThat(browser.open(back).html()).contains("You are connected");
        Page late = second.open(secondBack);
        assertThat(late.html()).contains("Already connected", "nothing left to do");
        assertThat(browser.get(link).html()).contains("Already connected", "nothing left to do");

        revoke(connection);

        assertThat(browser.get(link).html())
                .contains(ENDED)
                .doesNotContain("Already connected", "nothing left to do", BUTTON);
        assertThat(second.get(late.address()).html())
                .contains(ENDED)
                .doesNotContain("Already connected", "nothing left to do", "was given up");

        as("operator", "*").delete("/api/connections/" + connection).then().statusCode(204);
        assertThat(browser.get(link).html()).contains("was given up");
        assertThat(second.get(late.address()).html()).contains("was given up");
    }

    private void revoke(UUID connection) {
        Amazon.revoke(ada);
        probe(connection);
        assertThat(shop.state(connection)).isEqualTo("SUSPECT");
        await().atMost(PATIENCE).until(() -> {
            TestClock.shared().advance(Duration.ofMinutes(3));
            probe(connection);
            return shop.state(connection).equals("REVOKED");
        });
    }

    private static void probe(UUID connection) {
        as("operator", "*")
                .post("/api/connections/" + connection + "/probe")
                .then()
                .statusCode(200);
    }
}
