package io.perennial.sandbox.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.sandbox.Http;
import io.perennial.sandbox.SandboxDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class IssuerTest {

    @ConfigProperty(name = "perennial.sandbox.issuer.port")
    int port;

    private final Http http = new Http();

    @Test
    void a_known_service_gets_its_roles_for_all_tenants() throws IOException {
        JsonNode claims = clientCredentials(Map.of("client_id", "fetch-orchestrator"));

        assertThat(claims.get("iss").asText()).isEqualTo(issuer());
        assertThat(claims.get("sub").asText()).isEqualTo("fetch-orchestrator");
        assertThat(claims.get("aud")).hasToString("\"perennial\"");
        assertThat(claims.get("roles")).hasToString("[\"token-reader\"]");
        assertThat(claims.get("tenants")).hasToString("[\"*\"]");
        assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(3600);
    }

    @Test
    void a_stranger_gets_nothing_unless_the_request_asks() throws IOException {
        assertThat(clientCredentials(Map.of("client_id", "stranger")).get("roles"))
                .isEmpty();

        JsonNode asked = clientCredentials(Map.of(
                "client_id", "script", "perennial_roles", "operator viewer", "perennial_tenants", "acme globex"));

        assertThat(asked.get("roles")).hasToString("[\"operator\",\"viewer\"]");
        assertThat(asked.get("tenants")).hasToString("[\"acme\",\"globex\"]");
        JsonNode old = clientCredentials(
                Map.of("client_id", "script", "perennial_not_before", "1700000000", "perennial_expires", "1700003600"));
        assertThat(old.get("nbf").asLong()).isEqualTo(1_700_000_000);
        assertThat(old.get("exp").asLong()).isEqualTo(1_700_003_600);
    }

    @Test
    void a_person_signs_in_on_the_page_and_gets_both_tokens_with_roles_and_tenants() throws IOException {
        String authorize = issuer() + "/authorize?response_type=code&client_id=console&scope=openid&state=s1&nonce=n1"
                + "&redirect_uri=" + Http.encode("http://localhost:8080/callback");
        assertThat(http.get(authorize).body())
                .contains("<select id=\"username\" name=\"username\">", "value=\"acme-operator\"");

        var signedIn = http.postForm(authorize, Map.of("username", "acme-operator"));

        assertThat(signedIn.statusCode()).isEqualTo(302);
        URI callback = URI.create(signedIn.headers().firstValue("Location").orElseThrow());
        assertThat(callback.getQuery()).contains("state=s1");
        String code = callback.getQuery().replaceAll(".*code=([^&]+).*", "$1");
        JsonNode tokens = Http.json(http.postForm(
                issuer() + "/token",
                Map.of(
                        "grant_type", "authorization_code",
                        "code", code,
                        "redirect_uri", "http://localhost:8080/callback",
                        "client_id", "console",
                        "client_secret", "any")));
        JsonNode identity = claims(tokens.get("id_token").asText());
        assertThat(identity.get("aud")).hasToString("\"console\"");
        assertThat(identity.get("sub").asText()).isEqualTo("acme-operator");
        for (JsonNode claims :
                new JsonNode[] {identity, claims(tokens.get("access_token").asText())}) {
            assertThat(claims.get("roles")).hasToString("[\"operator\",\"viewer\"]");
            assertThat(claims.get("tenants")).hasToString("[\"acme\"]");
        }
        assertThat(claims(tokens.get("access_token").asText()).get("aud")).hasToString("\"perennial\"");
    }

    @Test
    void claims_sent_by_the_browser_do_not_count() {
        String authorize = issuer() + "/authorize?response_type=code&client_id=console&scope=openid&state=s&nonce=n"
                + "&redirect_uri=" + Http.encode("http://localhost:8080/callback");

        var response = http.postForm(authorize, Map.of("username", "nobody", "claims", "{\"roles\":[\"admin\"]}"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("Sign in to Perennial");
    }

    @Test
    void discovery_names_the_loopback_address() {
        JsonNode discovery = Http.json(http.get(issuer() + "/.well-known/openid-configuration"));

        assertThat(discovery.get("issuer").asText()).isEqualTo(issuer());
        assertThat(Http.json(http.get(discovery.get("jwks_uri").asText())).get("keys"))
                .isNotEmpty();
    }

    private String issuer() {
        return "http://127.0.0.1:" + port + "/perennial";
    }

    private JsonNode clientCredentials(Map<String, String> parameters) throws IOException {
        Map<String, String> form = new java.util.HashMap<>(parameters);
        form.put("grant_type", "client_credentials");
        form.put("client_secret", "any");
        return claims(Http.json(http.postForm(issuer() + "/token", form))
                .get("access_token")
                .asText());
    }

    private static JsonNode claims(String jwt) throws IOException {
        return Http.JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
    }
}
