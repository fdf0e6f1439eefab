package io.perennial.auth.authorization.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.Browser;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class HelpPageTest {
    @Test
    void every_code_is_explained_with_what_to_do_in_the_readers_language() {
        String english = new Browser("en").get(Shop.base() + "/connect/help").html();
        String german = new Browser("de").get(Shop.base() + "/connect/help").html();
        for (AmazonCode code : AmazonCode.values()) {
            assertThat(english).contains("id=\"" + code + "\"");
            assertThat(german).contains("id=\"" + code + "\"");
        }
        assertThat(english)
                .contains("primary user of the Amazon account", "Professional selling plan", "pressed Cancel");
        assertThat(german).contains("Hauptbenutzer", "Tarif", "abgebrochen").doesNotContain("You did nothing wrong");
    }

    @Test
    void the_pages_of_a_merchant_lead_to_it() {
        Shop shop = new Shop();
        URI link = shop.link(shop.connection("shop-1", null));
        assertThat(new Browser().get(link).html()).contains("href=\"/connect/help\"");
    }

    @Test
    void over_https_the_cookie_is_bound_to_the_host_and_transport() {
        BrowserCookie cookie = new BrowserCookie(() -> URI.create("https://connect.example"), new Randomness());
        assertThat(cookie.name()).isEqualTo("__Host-perennial-auth-443");
        assertThat(cookie.write("x").isSecure()).isTrue();
        assertThat(cookie.write("x").isHttpOnly()).isTrue();
        assertThat(cookie.write("x").getPath()).isEqualTo("/");
        assertThat(cookie.write("x").getDomain()).isNull();
    }
}
