package io.perennial.sandbox.ads;

import static io.perennial.sandbox.Merchant.location;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.sandbox.Amazon;
import io.perennial.sandbox.Http;
import io.perennial.sandbox.Merchant;
import io.perennial.sandbox.SandboxDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class AdsJourneyTest {

    private static final String CALLBACK = "http://localhost:8081/oauth/ads/callback";
    private static final String SCOPE = "advertising::campaign_management";

    private final Http http = new Http();
    private final Amazon.App app = adsApp();
    private final Amazon.Seller olivar = Amazon.seller("Olivar del Sur");

    @AfterEach
    void noTrouble() {
        Amazon.faults(List.of());
    }

    @Test
    void consent_gives_code_scope_and_state_and_the_tokens_list_profiles_with_ids_beyond_two_to_the_53() {
        var back = consent(olivar, "eu", Map.of());
        assertThat(back.address()).isEqualTo(CALLBACK);
        assertThat(back.parameters()).containsOnlyKeys("code", "scope", "state");
        assertThat(back.parameters()).containsEntry("scope", SCOPE).containsEntry("state", "s-1");

        JsonNode profiles = Http.json(profiles("eu", tokens(back).access()));

        assertThat(profiles.isArray()).isTrue();
        assertThat(profiles).hasSize(3);
        for (JsonNode profile : profiles) {
            assertThat(profile.get("profileId").isIntegralNumber()).isTrue();
            long id = profile.get("profileId").longValue();
            assertThat((long) (double) id).isNotEqualTo(id);
            assertThat(profile.get("currencyCode").asText()).isEqualTo("EUR");
            assertThat(profile.get("dailyBudget").isNumber()).isTrue();
            assertThat(profile.get("timezone").asText()).isEqualTo("Europe/Paris");
            assertThat(profile.at("/accountInfo/id").asText()).isEqualTo(olivar.id());
            assertThat(profile.at("/accountInfo/type").asText()).isEqualTo("seller");
            assertThat(profile.at("/accountInfo/name").asText()).isEqualTo("Olivar del Sur");
            assertThat(profile.at("/accountInfo/validPaymentMethod").asBoolean())
                    .isTrue();
            assertThat(olivar.marketplaces())
                    .contains(profile.at("/accountInfo/marketplaceStringId").asText());
        }
    }

    @Test
    void another_region_shows_an_empty_array() {
        Amazon.Tokens tokens = tokens(consent(olivar, "na", Map.of()));

        assertThat(Http.json(profiles("na", tokens.access()))).isEmpty();
        assertThat(profiles("na", tokens.access()).statusCode()).isEqualTo(200);
        assertThat(Http.json(profiles("eu", tokens.access()))).hasSize(3);
    }

    @Test
    void whoever_may_only_look_lists_nothing_unless_asked_for_views() {
        Amazon.Seller assistant = Amazon.seller("Alder & Finch");
        Merchant person = new Merchant(assistant);
        HttpResponse<String> page = person.browser.get(address("na", app, Map.of()));
        page = person.browser.get(location(person.signIn(page, "assistant@alder-finch.example", assistant.password())));
        Amazon.Tokens tokens = tokens(Merchant.callback(person.decide(page, "confirm", true)));

        assertThat(Http.json(profiles("na", tokens.access()))).isEmpty();
        assertThat(Http.json(http.get(
                        "/ads-api/na/v2/profiles?accessLevel=view",
                        "Authorization",
                        "Bearer " + tokens.access(),
                        "Amazon-Advertising-API-ClientId",
                        app.clientId())))
                .hasSize(1);
    }

    @Test
    void an_agency_sees_the_profiles_of_its_customers_until_one_takes_the_right_back() {
        JsonNode agency = advertiser("Lighthouse Media");
        Amazon.Tokens tokens = tokens(consent(login(agency), "eu", Map.of()));
        assertThat(names(profiles("eu", tokens.access()))).contains("Bergmann Werkzeuge", "Brise Marine");
        String lost = StreamSupport.stream(agency.get("profiles").spliterator(), false)
                .filter(profile -> profile.get("accountName").asText().equals("Brise Marine"))
                .findFirst()
                .orElseThrow()
                .get("profileId")
                .asText();
        String right = "/sandbox/advertisers/" + agency.get("loginId").asText() + "/profiles/" + lost;

        http.postJson(right + "/withdraw", Map.of());
        assertThat(names(profiles("eu", tokens.access()))).containsExactly("Bergmann Werkzeuge");

        http.postJson(right + "/give-back", Map.of());
        assertThat(names(profiles("eu", tokens.access()))).contains("Brise Marine");
    }

    @Test
    void refusing_comes_back_as_an_error() {
        Merchant person = new Merchant(olivar);
        var page = signedIn(person, "eu", Map.of());

        var back = Merchant.callback(person.decide(page, "cancel", false));

        assertThat(back.parameters())
                .containsEntry("error", "access_denied")
                .containsEntry("state", "s-1")
                .doesNotContainKey("code");
    }

    @ParameterizedTest
    @CsvSource({
        "client_id, amzn1.application-oa2-client.unknown, unknown client",
        "redirect_uri, http://localhost:8081/elsewhere, not been whitelisted",
        "scope, advertising::everything, unknown scope",
        "response_type, token, response type",
        "code_challenge_method, plain, challenge method"
    })
    void what_is_not_sound_never_comes_back(String parameter, String value, String message) {
        Map<String, String> more = new HashMap<>(Map.of("code_challenge", "c", "code_challenge_method", "S256"));
        more.put(parameter, value);
        var page = http.get(address("eu", app, more));

        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains(message).doesNotContain("<form");
    }

    @Test
    void an_application_of_the_selling_partner_api_is_unknown_here_and_the_reverse() {
        Amazon.App other = Amazon.publishedApp();
        assertThat(http.get(address("eu", other, Map.of())).body()).contains("unknown client");
        assertThat(http.get(new Merchant(olivar).consentAddress(app, Map.of("state", "s")))
                        .body())
                .contains("MD1000");
    }

    @Test
    void the_browser_remembers_the_account_that_signed_in_last() {
        Merchant person = new Merchant(olivar);
        signedIn(person, "eu", Map.of());

        assertThat(person.browser.get(address("eu", app, Map.of())).body())
                .contains("consent-form", "Olivar del Sur")
                .doesNotContain("sign-in-form");
    }

    @Test
    void a_challenge_must_be_met_by_its_verifier() {
        Map<String, String> challenge = Map.of("code_challenge", s256("the-verifier"), "code_challenge_method", "S256");

        assertThat(exchange(consent(olivar, "eu", challenge), "another-verifier")
                        .statusCode())
                .isEqualTo(400);
        assertThat(exchange(consent(olivar, "eu", challenge), null).statusCode())
                .isEqualTo(400);
        assertThat(exchange(consent(olivar, "eu", challenge), "the-verifier").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_token_works_at_every_regional_host_and_for_its_own_client_alone() {
        Amazon.Tokens tokens = tokens(consent(olivar, "eu", Map.of()));
        for (String host : List.of("/auth/o2/token", "/lwa/na/auth/o2/token", "/lwa/fe/auth/o2/token")) {
            assertThat(token(host, Map.of("grant_type", "refresh_token", "refresh_token", tokens.refresh()))
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(profiles("eu", "Atza|garbage").statusCode()).isEqualTo(401);
        assertThat(http.get("/ads-api/eu/v2/profiles", "Authorization", "Bearer " + tokens.access())
                        .statusCode())
                .isEqualTo(401);
        assertThat(http.get(
                                "/ads-api/eu/v2/profiles",
                                "Authorization",
                                "Bearer " + tokens.access(),
                                "Amazon-Advertising-API-ClientId",
                                adsApp().clientId())
                        .statusCode())
                .isEqualTo(401);
        assertThat(Amazon.call("/sp-api/eu/sellers/v1/marketplaceParticipations", tokens.access())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void a_token_of_the_selling_partner_api_opens_no_profiles() {
        Amazon.App seller = Amazon.publishedApp();
        Amazon.Tokens tokens = Amazon.authorize(olivar, seller);

        assertThat(http.get(
                                "/ads-api/eu/v2/profiles",
                                "Authorization",
                                "Bearer " + tokens.access(),
                                "Amazon-Advertising-API-ClientId",
                                seller.clientId())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void throttling_says_when_to_come_back() {
        Amazon.Tokens tokens = tokens(consent(olivar, "eu", Map.of()));
        Amazon.faults(List.of(Map.of("operation", "listProfiles", "kind", "429")));

        var answer = profiles("eu", tokens.access());

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private static Amazon.App adsApp() {
        var registered = new Http()
                .postJson(
                        "/sandbox/apps",
                        Map.of(
                                "name",
                                "Ads Test",
                                "redirectUris",
                                List.of(CALLBACK),
                                "published",
                                true,
                                "kind",
                                "ADS"));
        JsonNode json = Http.json(registered);
        return new Amazon.App(
                json.get("applicationId").asText(),
                json.get("clientId").asText(),
                json.get("clientSecret").asText());
    }

    private static String address(String region, Amazon.App app, Map<String, String> more) {
        Map<String, String> parameters = new HashMap<>(Map.of(
                "client_id",
                app.clientId(),
                "scope",
                SCOPE,
                "response_type",
                "code",
                "redirect_uri",
                CALLBACK,
                "state",
                "s-1"));
        parameters.putAll(more);
        return "/ads/" + region + "/ap/oa?" + Http.encode(parameters);
    }

    private HttpResponse<String> signedIn(Merchant person, String region, Map<String, String> more) {
        return person.signedInPage(address(region, app, more));
    }

    private Merchant.Callback consent(Amazon.Seller seller, String region, Map<String, String> more) {
        Merchant person = new Merchant(seller);
        return Merchant.callback(person.decide(signedIn(person, region, more), "confirm", true));
    }

    private HttpResponse<String> exchange(Merchant.Callback back, String verifier) {
        Map<String, String> form = new HashMap<>(Map.of(
                "grant_type", "authorization_code", "code", back.parameters().get("code"), "redirect_uri", CALLBACK));
        if (verifier != null) {
            form.put("code_verifier", verifier);
        }
        return token("/lwa/eu/auth/o2/token", form);
    }

    private Amazon.Tokens tokens(Merchant.Callback back) {
        return Amazon.tokens(exchange(back, null));
    }

    private HttpResponse<String> token(String path, Map<String, String> parameters) {
        Map<String, String> form = new HashMap<>(parameters);
        form.put("client_id", app.clientId());
        form.put("client_secret", app.clientSecret());
        return http.postForm(path, form);
    }

    private HttpResponse<String> profiles(String region, String accessToken) {
        return http.get(
                "/ads-api/" + region + "/v2/profiles",
                "Authorization",
                "Bearer " + accessToken,
                "Amazon-Advertising-API-ClientId",
                app.clientId());
    }

    private static List<String> names(HttpResponse<String> profiles) {
        List<String> names = new ArrayList<>();
        Http.json(profiles)
                .forEach(profile -> names.add(profile.at("/accountInfo/name").asText()));
        return names;
    }

    private JsonNode advertiser(String name) {
        return StreamSupport.stream(Http.json(http.get("/sandbox/advertisers")).spliterator(), false)
                .filter(advertiser -> advertiser.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Amazon.Seller login(JsonNode advertiser) {
        return new Amazon.Seller(
                advertiser.get("loginId").asText(),
                advertiser.get("name").asText(),
                advertiser.get("email").asText(),
                advertiser.get("password").asText(),
                "EU",
                List.of(),
                "de");
    }

    private static String s256(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
