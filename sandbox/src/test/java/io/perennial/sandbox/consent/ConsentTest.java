package io.perennial.sandbox.consent;

import static io.perennial.sandbox.Merchant.callback;
import static io.perennial.sandbox.Merchant.hidden;
import static io.perennial.sandbox.Merchant.location;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.sandbox.Amazon;
import io.perennial.sandbox.Http;
import io.perennial.sandbox.Merchant;
import io.perennial.sandbox.SandboxDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class ConsentTest {

    private final Amazon.Seller seller = Amazon.seller("Blue Heron Books");
    private final Merchant merchant = new Merchant(seller);

    @Test
    void sign_in_tick_confirm_returns_to_the_application_with_state_account_and_code() {
        Amazon.App app = Amazon.publishedApp();
        var first = merchant.browser.get(
                merchant.consentAddress(app, Map.of("state", "s-1", "redirect_uri", Amazon.CALLBACK)));
        assertThat(first.body()).contains("name=\"email\"", "name=\"password\"").doesNotContain("consent-form");

        var consent = merchant.browser.get(location(merchant.signIn(first)));
        assertThat(consent.body()).contains("Test App", seller.name().replace("&", "&amp;"), seller.id());
        var back = callback(merchant.decide(consent, "confirm", true));

        assertThat(back.address()).isEqualTo(Amazon.CALLBACK);
        assertThat(back.parameters()).containsOnlyKeys("state", "selling_partner_id", "spapi_oauth_code");
        assertThat(back.parameters()).containsEntry("state", "s-1").containsEntry("selling_partner_id", seller.id());
    }

    @Test
    void a_wrong_password_stays_on_the_sign_in_page() {
        var page = merchant.browser.get(merchant.consentAddress(Amazon.publishedApp(), Map.of("state", "s")));

        var answer = merchant.signIn(page, seller.email(), "wrong");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("is wrong", "sign-in-form");
    }

    @Test
    void the_browser_remembers_the_last_account_until_it_is_switched() {
        Amazon.App app = Amazon.publishedApp();
        merchant.consent(app, "s-1");
        String again = merchant.consentAddress(app, Map.of("state", "s-2"));

        var remembered = merchant.browser.get(again);
        assertThat(remembered.body()).contains("consent-form", seller.id());

        String switchAccount = remembered.body().replaceAll("(?s).*<a href=\"([^\"]+)\" id=\"switch-account\".*", "$1");
        String afterwards = location(merchant.browser.get(switchAccount.replace("&amp;", "&")));
        assertThat(merchant.browser.get(afterwards).body()).contains("sign-in-form");
    }

    @Test
    void cancel_does_not_call_back() {
        var page = merchant.signedInPage(merchant.consentAddress(Amazon.publishedApp(), Map.of("state", "s")));

        var answer = merchant.decide(page, "cancel", true);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
        assertThat(answer.body()).contains("did not authorize");
    }

    @Test
    void without_the_tick_the_page_comes_back() {
        var page = merchant.signedInPage(merchant.consentAddress(Amazon.publishedApp(), Map.of("state", "s")));

        var answer = merchant.decide(page, "confirm", false);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("Tick the box", "consent-form");
    }

    @Test
    void a_form_without_the_sessions_token_does_nothing() {
        var page = merchant.signedInPage(merchant.consentAddress(Amazon.publishedApp(), Map.of("state", "s")));
        Map<String, String> form = hidden(page);
        form.put("form_token", "forged");
        form.put("consent", "yes");
        form.put("action", "confirm");

        var answer = merchant.browser.postForm(Merchant.action(page), form);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("FORM_EXPIRED");
    }

    @Test
    void state_and_names_are_escaped() {
        var page = merchant.signedInPage(
                merchant.consentAddress(Amazon.publishedApp(), Map.of("state", "\"><script>alert(1)</script>")));

        assertThat(page.body()).doesNotContain("<script>alert").contains("&lt;script&gt;");
    }

    @Test
    void without_redirect_uri_the_first_registered_one_is_used() {
        Amazon.App app = Amazon.publishedApp();
        var page = merchant.signedInPage(merchant.consentAddress(app, Map.of("state", "s")));

        assertThat(callback(merchant.decide(page, "confirm", true)).address()).isEqualTo(Amazon.CALLBACK);
    }

    @Test
    void the_page_to_return_to_after_signing_in_stays_inside_the_central_host() {
        for (String elsewhere : new String[] {"https://evil.example/", "//evil.example", "/seller-central/us\\..\\x"}) {
            var answer = merchant.browser.postForm(
                    "/seller-central/us/signin",
                    Map.of("email", seller.email(), "password", seller.password(), "return_to", elsewhere));

            assertThat(location(answer)).endsWith("/seller-central/us/apps/manage");
        }
    }

    @Nested
    class Problems {

        @Test
        void a_draft_needs_version_beta_and_a_published_one_must_not_have_it() {
            Amazon.App draft = Amazon.draftApp();
            assertProblem("MD1000", merchant.consentAddress(draft, Map.of("state", "s")));
            assertThat(merchant.signedInPage(merchant.consentAddress(draft, Map.of("state", "s", "version", "beta")))
                            .body())
                    .contains("consent-form");
            assertProblem(
                    "MD1000", merchant.consentAddress(Amazon.publishedApp(), Map.of("state", "s", "version", "beta")));
        }

        @Test
        void an_unknown_application_or_a_client_id_in_its_place() {
            Amazon.App app = Amazon.publishedApp();

            assertProblem(
                    "MD1000",
                    merchant.consentAddress(
                            new Amazon.App(app.clientId(), app.clientId(), app.clientSecret()), Map.of("state", "s")));
        }

        @Test
        void a_redirect_uri_that_is_not_registered() {
            assertProblem(
                    "MD5101",
                    merchant.consentAddress(
                            Amazon.publishedApp(),
                            Map.of("state", "s", "redirect_uri", "http://localhost:9999/oauth/amazon/callback")));
        }

        @Test
        void a_redirect_uri_with_a_fragment() {
            assertProblem(
                    "MD5110",
                    merchant.consentAddress(
                            Amazon.publishedApp(), Map.of("state", "s", "redirect_uri", Amazon.CALLBACK + "#x")));
        }

        @Test
        void an_application_without_redirect_uri() {
            var registered = new Http().postJson("/sandbox/apps", Map.of("name", "No Address", "published", true));
            String id = Http.json(registered).get("applicationId").asText();

            assertProblem("MD9100", merchant.consentAddress(new Amazon.App(id, "", ""), Map.of("state", "s")));
        }

        @Test
        void somebody_who_is_not_the_primary_user() {
            Amazon.Seller account = Amazon.seller("Alder & Finch");
            Merchant assistant = new Merchant(new Amazon.Seller(
                    account.id(),
                    account.name(),
                    "assistant@alder-finch.example",
                    account.password(),
                    account.region(),
                    account.marketplaces(),
                    account.country()));

            var page = assistant.signedInPage(assistant.consentAddress(Amazon.publishedApp(), Map.of("state", "s")));

            assertThat(page.statusCode()).isEqualTo(400);
            assertThat(page.body()).contains("SPDC8143");
        }

        @Test
        void an_account_of_another_region() {
            Merchant european = new Merchant(Amazon.seller("Bergmann Werkzeuge"), "/seller-central/us");

            var page = european.signedInPage(european.consentAddress(Amazon.publishedApp(), Map.of("state", "s")));

            assertThat(page.statusCode()).isEqualTo(400);
            assertThat(page.body()).contains("OTHER_REGION", "Bergmann Werkzeuge", "Switch account");
        }

        @Test
        void a_country_that_does_not_exist() {
            assertThat(merchant.browser.get("/seller-central/xx/apps/manage").statusCode())
                    .isEqualTo(404);
        }

        private void assertProblem(String code, String address) {
            var page = merchant.signedInPage(address);
            assertThat(page.statusCode()).isEqualTo(400);
            assertThat(page.body()).contains("<strong id=\"code\">" + code + "</strong>");
        }
    }

    @Nested
    class VendorCentral {

        @Test
        void a_vendor_consents_on_its_own_host_and_can_not_sign_in_to_seller_central() {
            Amazon.Seller vendor = Amazon.vendor("Atlas Appliances");
            Amazon.App app = Amazon.publishedApp();

            var back = new Merchant(vendor, "/vendor-central/us").consent(app, "v-1");
            assertThat(back.parameters()).containsEntry("selling_partner_id", vendor.id());

            Merchant astray = new Merchant(vendor, "/seller-central/us");
            var page = astray.browser.get(astray.consentAddress(app, Map.of("state", "s")));
            assertThat(astray.signIn(page).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void authorizing_in_the_appstore_begins_at_the_login_uri_also_for_somebody_who_never_consented() {
        Amazon.App app = Amazon.publishedApp();
        Amazon.App draft = Amazon.draftApp();
        Merchant newcomer = new Merchant(Amazon.seller("Juniper Trail"));
        var page = newcomer.signedInPage("/seller-central/us/apps/store");
        assertThat(page.body()).contains(app.id()).doesNotContain(draft.id());
        Map<String, String> form = hidden(page);
        form.put("application_id", app.id());

        var leg = callback(newcomer.browser.postForm("/seller-central/us/apps/store", form));

        assertThat(leg.address()).isEqualTo("http://localhost:8081/oauth/amazon/login");
        String continued = leg.parameters().get("amazon_callback_uri") + "?"
                + Http.encode(Map.of("amazon_state", leg.parameters().get("amazon_state"), "state", "ours"));
        var callback = callback(newcomer.browser.get(continued));
        assertThat(callback.parameters()).containsEntry("state", "ours");
        assertThat(Amazon.exchange(app, callback.code()).statusCode()).isEqualTo(200);
        assertThat(newcomer.browser
                        .postForm("/seller-central/us/apps/store", Map.of("application_id", app.id()))
                        .statusCode())
                .isEqualTo(400);
    }

    @Nested
    class ManageYourApps {

        private final Amazon.App app = Amazon.publishedApp();
        private final Merchant owner = new Merchant(Amazon.seller("Cedar Kitchen Co"));

        @Test
        void shows_the_dates_of_the_authorization() {
            owner.consent(app, "s");

            var page = owner.manage();

            String today = Amazon.now().toString().substring(0, 10);
            String end =
                    Amazon.now().plus(java.time.Duration.ofDays(365)).toString().substring(0, 10);
            assertThat(page.body()).contains(app.id(), "ENABLED", today, end);
        }

        @Test
        void re_authorizing_goes_through_the_login_uri_and_back_to_the_redirect_uri() {
            owner.consent(app, "s");

            var leg = callback(act("reauthorize"));

            assertThat(leg.address()).isEqualTo("http://localhost:8081/oauth/amazon/login");
            assertThat(leg.parameters()).containsOnlyKeys("amazon_callback_uri", "amazon_state", "selling_partner_id");
            String back = leg.parameters().get("amazon_callback_uri");
            assertThat(back).startsWith(Http.base() + "/seller-central/us/apps/authorize/confirm/");
            String continued = back + "?"
                    + Http.encode(Map.of(
                            "amazon_state",
                            leg.parameters().get("amazon_state"),
                            "state",
                            "ours",
                            "redirect_uri",
                            Amazon.CALLBACK));
            var callback = callback(owner.browser.get(continued));
            assertThat(callback.address()).isEqualTo(Amazon.CALLBACK);
            assertThat(callback.parameters()).containsEntry("state", "ours");
            assertThat(Amazon.exchange(app, callback.code()).statusCode()).isEqualTo(200);
            assertThat(owner.browser.get(continued).statusCode())
                    .as("amazon_state works once")
                    .isEqualTo(400);
        }

        @Test
        void disabling_kills_the_tokens_and_enabling_takes_the_path_of_a_new_seller_without_state() {
            Amazon.Tokens tokens =
                    Amazon.tokens(Amazon.exchange(app, owner.consent(app, "s").code()));

            assertThat(act("disable").statusCode()).isEqualTo(303);
            assertThat(Amazon.refresh(app, tokens.refresh()).statusCode()).isEqualTo(400);
            assertThat(owner.manage().body()).contains("DISABLED");

            var callback = callback(act("enable"));
            assertThat(callback.parameters()).containsOnlyKeys("selling_partner_id", "spapi_oauth_code");
            assertThat(Amazon.exchange(app, callback.code()).statusCode()).isEqualTo(200);
            assertThat(Amazon.refresh(app, tokens.refresh()).statusCode()).isEqualTo(400);
        }

        private java.net.http.HttpResponse<String> act(String action) {
            var page = owner.manage();
            Map<String, String> form = hidden(page);
            form.put("application_id", app.id());
            form.put("action", action);
            return owner.browser.postForm("/seller-central/us/apps/manage", form);
        }
    }
}
