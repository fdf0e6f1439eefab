package io.perennial.sandbox.lwa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.sandbox.Amazon;
import io.perennial.sandbox.Http;
import io.perennial.sandbox.Merchant;
import io.perennial.sandbox.SandboxDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class TokenEndpointTest {

    private static final String INVALID_CODE = "The request has an invalid grant parameter : code";
    private static final String INVALID_REFRESH = "The request has an invalid grant parameter : refresh_token."
            + " User may have revoked or didn't grant the permission.";

    private final Amazon.Seller seller = Amazon.seller("Copperleaf Tools");
    private final Amazon.App app = Amazon.publishedApp();
    private final Http http = new Http();

    @AfterEach
    void usualBehaviour() {
        Amazon.behave("STAYS_VALID", "REVIVES_OLD_TOKEN");
        Amazon.faults(List.of());
    }

    @Nested
    class Codes {

        @Test
        void a_code_gives_both_tokens() {
            var response = Amazon.exchange(app, code());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(response.headers().firstValue("Pragma")).hasValue("no-cache");
            JsonNode tokens = Http.json(response);
            assertThat(tokens.properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("access_token", "refresh_token", "token_type", "expires_in");
            assertThat(tokens.get("access_token").asText()).startsWith("Atza|").hasSizeBetween(200, 2048);
            assertThat(tokens.get("refresh_token").asText()).startsWith("Atzr|").hasSizeBetween(200, 2048);
            assertThat(tokens.get("token_type").asText()).isEqualTo("bearer");
            assertThat(tokens.get("expires_in").asInt()).isEqualTo(3600);
        }

        @Test
        void a_code_works_once() {
            String code = code();
            Amazon.exchange(app, code);

            assertError(Amazon.exchange(app, code), 400, "invalid_grant", INVALID_CODE);
        }

        @Test
        void a_code_lives_five_minutes_of_domain_time() {
            String young = code();
            Amazon.advance("4m");
            assertThat(Amazon.exchange(app, young).statusCode()).isEqualTo(200);

            String old = code();
            Amazon.advance("5m");
            assertError(Amazon.exchange(app, old), 400, "invalid_grant", INVALID_CODE);
        }

        @Test
        void a_code_of_another_application_or_with_another_redirect_uri() {
            assertError(Amazon.exchange(Amazon.publishedApp(), code()), 400, "invalid_grant", INVALID_CODE);
            assertError(
                    Amazon.token(
                            app,
                            Map.of(
                                    "grant_type", "authorization_code",
                                    "code", code(),
                                    "redirect_uri", "https://app.example/second")),
                    400,
                    "invalid_grant",
                    INVALID_CODE);
        }

        @Test
        void the_redirect_uri_may_be_left_out() {
            assertThat(Amazon.token(app, Map.of("grant_type", "authorization_code", "code", code()))
                            .statusCode())
                    .isEqualTo(200);
        }

        @Test
        void garbage_for_a_code() {
            assertError(Amazon.exchange(app, "ANgarbage"), 400, "invalid_grant", INVALID_CODE);
        }
    }

    @Nested
    class Refreshing {

        @Test
        void a_refresh_repeats_the_refresh_token_and_leaves_older_access_tokens_alone() {
            Amazon.Tokens tokens = Amazon.authorize(seller, app);

            Amazon.Tokens refreshed = Amazon.tokens(Amazon.refresh(app, tokens.refresh()));

            assertThat(refreshed.refresh()).isEqualTo(tokens.refresh());
            assertThat(refreshed.access()).isNotEqualTo(tokens.access());
        }

        @Test
        void json_is_as_good_as_a_form() {
            Amazon.Tokens tokens = Amazon.authorize(seller, app);

            var response = http.postJson(
                    "/auth/o2/token",
                    Map.of(
                            "grant_type", "refresh_token",
                            "refresh_token", tokens.refresh(),
                            "client_id", app.clientId(),
                            "client_secret", app.clientSecret()));

            assertThat(response.statusCode()).isEqualTo(200);
        }

        @Test
        void garbage_for_a_refresh_token() {
            assertError(Amazon.refresh(app, "Atzr|garbage"), 400, "invalid_grant", INVALID_REFRESH);
        }

        @Test
        void the_refresh_token_of_another_application() {
            Amazon.Tokens tokens = Amazon.authorize(seller, app);

            assertError(
                    Amazon.refresh(Amazon.publishedApp(), tokens.refresh()),
                    400,
                    "unauthorized_client",
                    "Not authorized for requested operation");
        }

        @Test
        void after_365_days_the_refresh_token_is_refused() {
            Amazon.Tokens tokens = Amazon.authorize(seller, app);
            Amazon.advance("364d23h");
            assertThat(Amazon.refresh(app, tokens.refresh()).statusCode()).isEqualTo(200);

            Amazon.advance("1h");

            assertError(Amazon.refresh(app, tokens.refresh()), 400, "invalid_grant", INVALID_REFRESH);
        }

        @Test
        void expired_revoked_and_password_changed_read_the_same() {
            for (String happening : List.of("expire", "revoke", "password-changed")) {
                Amazon.Tokens tokens = Amazon.authorize(seller, app);
                Amazon.happens(seller, happening);

                assertError(Amazon.refresh(app, tokens.refresh()), 400, "invalid_grant", INVALID_REFRESH);
            }
        }

        @Test
        void a_new_role_of_the_application_needs_a_new_consent() {
            Amazon.Tokens tokens = Amazon.authorize(seller, app);

            http.postJson("/sandbox/apps/" + app.id() + "/role-added", Map.of());

            assertError(Amazon.refresh(app, tokens.refresh()), 400, "invalid_grant", INVALID_REFRESH);
        }
    }

    @Nested
    class Renewal {

        @Test
        void a_renewal_gives_a_new_token_and_the_old_one_stays_valid() {
            Amazon.Tokens old = Amazon.authorize(seller, app);
            Amazon.Tokens renewed = Amazon.authorize(seller, app);

            assertThat(renewed.refresh()).isNotEqualTo(old.refresh());
            assertThat(Amazon.refresh(app, old.refresh()).statusCode()).isEqualTo(200);
            assertThat(Amazon.refresh(app, renewed.refresh()).statusCode()).isEqualTo(200);
        }

        @Test
        void a_renewal_can_be_told_to_invalidate_the_old_token_when_the_code_is_exchanged() {
            Amazon.behave("INVALIDATED", "REVIVES_OLD_TOKEN");
            Amazon.Tokens old = Amazon.authorize(seller, app);
            String code = new Merchant(seller).consent(app, "s").code();
            assertThat(Amazon.refresh(app, old.refresh()).statusCode()).isEqualTo(200);

            Amazon.Tokens renewed = Amazon.tokens(Amazon.exchange(app, code));

            assertError(Amazon.refresh(app, old.refresh()), 400, "invalid_grant", INVALID_REFRESH);
            assertThat(Amazon.refresh(app, renewed.refresh()).statusCode()).isEqualTo(200);
        }

        @Test
        void an_early_renewal_counts_365_days_from_the_renewal() {
            Amazon.authorize(seller, app);
            Amazon.advance("300d");
            Amazon.Tokens renewed = Amazon.authorize(seller, app);

            Amazon.advance("364d");
            assertThat(Amazon.refresh(app, renewed.refresh()).statusCode()).isEqualTo(200);
            Amazon.advance("1d");
            assertThat(Amazon.refresh(app, renewed.refresh()).statusCode()).isEqualTo(400);
        }

        @Test
        void a_late_renewal_revives_the_old_token_or_leaves_it_dead() {
            Amazon.Tokens first = Amazon.authorize(seller, app);
            Amazon.advance("380d");
            Amazon.authorize(seller, app);
            assertThat(Amazon.refresh(app, first.refresh()).statusCode()).isEqualTo(200);

            Amazon.behave("STAYS_VALID", "OLD_TOKEN_STAYS_DEAD");
            Amazon.advance("380d");
            Amazon.Tokens renewed = Amazon.authorize(seller, app);
            assertThat(Amazon.refresh(app, first.refresh()).statusCode()).isEqualTo(400);
            assertThat(Amazon.refresh(app, renewed.refresh()).statusCode()).isEqualTo(200);
        }
    }

    @Nested
    class Requests {

        @Test
        void wrong_client_id_or_secret() {
            Amazon.Tokens tokens = Amazon.authorize(seller, app);
            for (Amazon.App wrong : List.of(
                    new Amazon.App(app.id(), app.clientId(), "wrong"),
                    new Amazon.App(app.id(), "amzn1.application-oa2-client.none", app.clientSecret()))) {
                assertError(
                        Amazon.refresh(wrong, tokens.refresh()), 401, "invalid_client", "Client authentication failed");
            }
        }

        @Test
        void a_missing_parameter_is_named() {
            assertError(
                    Amazon.token(app, Map.of("grant_type", "refresh_token")),
                    400,
                    "invalid_request",
                    "The request is missing a required parameter : refresh_token");
            assertError(
                    Amazon.token(app, Map.of("grant_type", "authorization_code")),
                    400,
                    "invalid_request",
                    "The request is missing a required parameter : code");
            assertError(
                    Amazon.token(app, Map.of()),
                    400,
                    "invalid_request",
                    "The request is missing a required parameter : grant_type");
        }

        @Test
        void an_unknown_grant_type_or_a_body_that_is_not_what_its_type_says() {
            String text = "The authorization grant type is not supported by the authorization server";
            assertError(Amazon.token(app, Map.of("grant_type", "password")), 400, "unsupported_grant_type", text);
            assertError(
                    http.post(
                            "/auth/o2/token",
                            "application/x-www-form-urlencoded",
                            "{\"grant_type\":\"refresh_token\"}"),
                    400,
                    "unsupported_grant_type",
                    text);
            assertError(
                    http.post("/auth/o2/token", "application/json", "grant_type=refresh_token"),
                    400,
                    "unsupported_grant_type",
                    text);
        }

        @Test
        void client_credentials_need_a_known_scope_and_give_no_refresh_token() {
            assertThat(Http.json(Amazon.token(app, Map.of("grant_type", "client_credentials", "scope", "x")))
                            .get("error")
                            .asText())
                    .isEqualTo("invalid_scope");

            JsonNode tokens = Http.json(Amazon.token(
                    app, Map.of("grant_type", "client_credentials", "scope", "sellingpartnerapi::notifications")));

            assertThat(tokens.get("access_token").asText()).startsWith("Atza|");
            assertThat(tokens.has("refresh_token")).isFalse();
        }

        @Test
        void after_a_rotation_both_secrets_work_for_seven_days_and_then_the_new_one_alone() {
            Map<String, String> request =
                    Map.of("grant_type", "client_credentials", "scope", "sellingpartnerapi::notifications");

            Amazon.App renewed = rotated();
            assertThat(renewed.clientSecret()).isNotEqualTo(app.clientSecret());
            assertThat(Amazon.token(renewed, request).statusCode()).isEqualTo(200);
            Amazon.advance("6d");
            assertThat(Amazon.token(app, request).statusCode()).isEqualTo(200);
            Amazon.advance("1d");
            assertThat(Amazon.token(app, request).statusCode()).isEqualTo(401);
            assertThat(Amazon.token(renewed, request).statusCode()).isEqualTo(200);
        }

        @Test
        void a_secret_ends_180_days_after_the_rotation_that_made_it() {
            Map<String, String> request =
                    Map.of("grant_type", "client_credentials", "scope", "sellingpartnerapi::notifications");
            Amazon.advance("200d");
            assertThat(Amazon.token(app, request).statusCode())
                    .as("the first one lasts")
                    .isEqualTo(200);

            Amazon.App renewed = rotated();
            Amazon.advance("179d");
            assertThat(Amazon.token(renewed, request).statusCode()).isEqualTo(200);
            Amazon.advance("1d");
            var refused = Amazon.token(renewed, request);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(Http.json(refused).get("error").asText()).isEqualTo("invalid_client");
            assertThat(Amazon.token(rotated(), request).statusCode()).isEqualTo(200);
            assertThat(Amazon.token(renewed, request).statusCode())
                    .as("a rotation does not revive what has ended")
                    .isEqualTo(401);
        }

        private Amazon.App rotated() {
            JsonNode rotated = Http.json(http.postJson("/sandbox/apps/" + app.id() + "/rotate-secret", Map.of()));
            return new Amazon.App(
                    app.id(), app.clientId(), rotated.get("clientSecret").asText());
        }

        @Test
        void the_date_header_follows_the_domain_clock() {
            Amazon.advance("1d");

            var response = Amazon.refresh(app, "x");

            assertThat(java.time.ZonedDateTime.parse(
                                    response.headers().firstValue("Date").orElseThrow(),
                                    java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .isAfter(Amazon.now().minusSeconds(3600));
        }
    }

    @Nested
    class Trouble {

        private final Amazon.Tokens tokens = Amazon.authorize(seller, app);

        @Test
        void an_expired_client_secret_hits_everybody() {
            plan("client-secret-expired");

            assertError(Amazon.refresh(app, tokens.refresh()), 401, "invalid_client", "Client authentication failed");
        }

        @Test
        void outage_throttling_errors_and_pages_instead_of_answers() {
            plan("outage");
            assertThat(Amazon.refresh(app, tokens.refresh()).statusCode()).isEqualTo(503);
            plan("429");
            assertThat(Amazon.refresh(app, tokens.refresh()).statusCode()).isEqualTo(429);
            plan("500");
            assertThat(Amazon.refresh(app, tokens.refresh()).statusCode()).isEqualTo(500);
            plan("html");
            assertThat(Amazon.refresh(app, tokens.refresh()).body()).startsWith("<html>");
        }

        @Test
        void a_lost_reply_uses_the_code_up() {
            String code = code();
            Amazon.faults(List.of(Map.of("operation", "token.authorization_code", "kind", "lost-reply")));
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> Amazon.exchange(app, code))
                    .isInstanceOf(java.io.UncheckedIOException.class);
            Amazon.faults(List.of());

            await("nobody heard the answer, but the call came")
                    .atMost(java.time.Duration.ofSeconds(60))
                    .until(() -> http.get("/sandbox/log").body().lines().anyMatch(line -> line.contains("lost-reply")));
            assertError(Amazon.exchange(app, code), 400, "invalid_grant", INVALID_CODE);
        }

        @Test
        void probability_and_seed_decide_which_calls_are_struck() {
            assertThat(struck(7)).isEqualTo(struck(7)).contains(true).contains(false);
            assertThat(struck(7)).isNotEqualTo(struck(8));
        }

        private List<Boolean> struck(int seed) {
            Amazon.faults(List.of(Map.of("operation", "lwa", "kind", "500", "probability", 0.5, "seed", seed)));
            return java.util.stream.IntStream.range(0, 20)
                    .mapToObj(i -> Amazon.refresh(app, tokens.refresh()).statusCode() == 500)
                    .toList();
        }

        private void plan(String kind) {
            Amazon.faults(List.of(Map.of("operation", "token.refresh_token", "kind", kind)));
        }
    }

    @Test
    void the_log_has_every_call_and_no_secret() {
        String code = code();
        Amazon.Tokens tokens = Amazon.tokens(Amazon.exchange(app, code));
        Amazon.refresh(app, tokens.refresh());
        Amazon.token(app, Map.of("grant_type", tokens.refresh()));

        String log = http.get("/sandbox/log").body();

        assertThat(log).doesNotContain(code, tokens.access(), tokens.refresh(), app.clientSecret(), seller.password());
        String[] lines = log.split("\n");
        assertThat(lines[lines.length - 2])
                .contains("\"operation\":\"token\"", "\"grantType\":\"refresh_token\"", seller.id(), "\"status\":200");
        assertThat(lines[lines.length - 1]).contains("\"grantType\":\"other\"", "\"status\":400");
    }

    private String code() {
        return new Merchant(seller).consent(app, "s").code();
    }

    private static void assertError(HttpResponse<String> response, int status, String error, String description) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        JsonNode body = Http.json(response);
        assertThat(body.get("error").asText()).isEqualTo(error);
        assertThat(body.get("error_description").asText()).isEqualTo(description);
        assertThat(body.get("error_index").asText()).isNotEmpty();
        assertThat(body.get("request_id").asText()).isNotEmpty();
    }
}
