package io.perennial.sandbox.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.sandbox.Http;
import io.perennial.sandbox.SandboxDatabase;
import io.perennial.sandbox.clock.SandboxClock;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class ApplicationTest {

    @Inject
    Applications applications;

    @Inject
    SandboxClock clock;

    private final Http http = new Http();

    @Test
    void the_default_application_is_published_and_knows_the_public_address() {
        JsonNode app = Http.json(http.get("/sandbox/apps")).get(0);

        assertThat(app.get("applicationId").asText()).startsWith("amzn1.sp.solution.");
        assertThat(app.get("clientId").asText()).startsWith("amzn1.application-oa2-client.");
        assertThat(app.get("redirectUris")).hasToString("[\"http://localhost:8081/oauth/amazon/callback\"]");
        assertThat(app.get("loginUri").asText()).isEqualTo("http://localhost:8081/oauth/amazon/login");
        assertThat(app.get("published").asBoolean()).isTrue();
    }

    @Test
    void its_secret_is_random_but_survives_a_restart() {
        String before =
                Http.json(http.get("/sandbox/apps")).get(0).get("clientSecret").asText();

        applications.seed(new StartupEvent());

        assertThat(Http.json(http.get("/sandbox/apps"))
                        .get(0)
                        .get("clientSecret")
                        .asText())
                .isEqualTo(before)
                .hasSizeGreaterThan(40);
    }

    @Test
    void a_first_secret_lasts_unless_the_application_wants_it_as_at_amazon() {
        Map<String, Object> registration = Map.of("name", "x", "redirectUris", List.of());
        assertThat(Http.json(http.postJson("/sandbox/apps", registration)).has("secretEndsAt"))
                .isFalse();

        Map<String, Object> strict = Map.of("name", "x", "redirectUris", List.of(), "secretEnds", true);
        Instant end = Instant.parse(Http.json(http.postJson("/sandbox/apps", strict))
                .get("secretEndsAt")
                .asText());
        Instant now = clock.instant();
        assertThat(end).isBetween(now.plus(Duration.ofDays(179)), now.plus(Duration.ofDays(180)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app.example/callback",
                "https://app.example/callback#x",
                "app.example/callback",
                "ht tp://x",
                "javascript:alert(1)"
            })
    void an_address_must_be_https_without_fragment(String address) {
        var response = http.postJson(
                "/sandbox/apps", Map.of("name", "x", "redirectUris", List.of(address), "published", true));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Http.json(response).get("message").asText()).contains("redirectUris");
    }

    @Test
    void loopback_http_is_the_sole_kindness() {
        for (String address : List.of("http://localhost:1/x", "http://127.0.0.1:1/x", "http://[::1]:1/x")) {
            assertThat(RedirectUriRule.violation(address)).isEmpty();
        }
    }
}
