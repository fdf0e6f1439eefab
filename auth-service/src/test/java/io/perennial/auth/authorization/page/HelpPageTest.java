package io.perennial.auth.authorization.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.Browser;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void browsers_keep_to_https_for_a_year_where_the_address_is_https() {
        assertThat(transport("https://connect.example")).isEqualTo("max-age=31536000; includeSubDomains");
        assertThat(transport("http://localhost:8081")).isNull();
    }

    private static String transport(String address) {
        BrowserCookie cookie = new BrowserCookie(() -> URI.create(address), new Randomness());
        return new PageResponses(cookie)
                .tooMany(Language.ofTag("en"))
                .await()
                .atMost(Duration.ofMinutes(1))
                .getHeaderString("Strict-Transport-Security");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    'fr-CA,fr;q=0.9,en;q=0.8', fr, utilisateur principal
                    it,                        it, utente primario
                    'es-419,es;q=0.9',         es, usuario principal
                    'zh-CN,zh;q=0.9,en;q=0.8', zh, 主用户
                    zh-Hans-CN,                zh, 主用户
                    'zh-TW,en;q=0.8',          zh, 主用户
                    'pt-BR,it;q=0.5',          it, utente primario
                    pt-BR,                     en, primary user
                    """)
    void a_page_speaks_the_first_language_that_the_browser_and_we_share(String accepted, String tag, String words) {
        Browser.Page page = new Browser(accepted).get(Shop.base() + "/connect/help");
        assertThat(page.html()).contains("<html lang=\"" + tag + "\"", words).doesNotContain("NOT_FOUND");
        assertThat(page.header("content-language")).isEqualTo(tag);
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
