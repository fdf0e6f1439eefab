package io.perennial.auth;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.perennial.testsupport.SandboxProcess;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Calls the REST API as somebody. */
public final class Api {
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

    private Api() {}

    public static RequestSpecification as(String roles, String... tenants) {
        return given().auth().oauth2(token(roles, tenants)).contentType(ContentType.JSON);
    }

    private static String token(String role, String... tenants) {
        return TOKENS.computeIfAbsent(
                role + List.of(tenants), key -> SandboxProcess.shared().token(role, tenants));
    }

    public static RequestSpecification admin() {
        return as("admin", "*");
    }

    /** The default application of a provider at nowhere. */
    public static String app(String provider) {
        return app(
                provider,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("clientId", "amzn1.application-oa2-client.none")
                        .put("clientSecret", "canary-client-secret")
                        .put("applicationId", "amzn1.sp.solution.none"),
                "http://127.0.0.1:1",
                "http://localhost:8081/oauth/amazon/callback");
    }

    /** The default application of a provider, as it is registered at a stand-in for Amazon. */
    public static String app(String provider, JsonNode registered, String amazon, String redirectUri) {
        return app(provider, registered, amazon, redirectUri, true);
    }

    /** An application of a provider, as it is registered at a stand-in for Amazon. */
    public static String app(
            String provider, JsonNode registered, String amazon, String redirectUri, boolean byDefault) {
        Map<String, Object> body = new HashMap<>();
        body.put("name", provider + "-" + UUID.randomUUID());
        body.put("provider", provider);
        body.put("clientId", registered.path("clientId").asText());
        body.put("clientSecret", registered.path("clientSecret").asText());
        body.put("applicationId", registered.path("applicationId").asText());
        body.put("draft", false);
        body.put("redirectUri", redirectUri);
        body.put("default", byDefault);
        body.put(
                "endpoints",
                Map.of(
                        "authorization",
                        amazon + "/seller-central/{country}",
                        "token",
                        amazon + "/auth/o2/token",
                        "api",
                        Map.of(
                                "NA", amazon + "/sp-api/na",
                                "EU", amazon + "/sp-api/eu",
                                "FE", amazon + "/sp-api/fe")));
        return admin().body(body)
                .post("/api/apps")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /** The default advertising application, as it is registered at a stand-in for Amazon; all else is preset. */
    public static String advertisingApp(JsonNode registered, String amazon, String redirectUri) {
        return advertisingApp(registered, amazon, redirectUri, true);
    }

    /** An advertising application, as it is registered at a stand-in for Amazon; all else is preset. */
    public static String advertisingApp(JsonNode registered, String amazon, String redirectUri, boolean byDefault) {
        return admin().body(Map.of(
                        "name",
                        "AMAZON_ADS-" + UUID.randomUUID(),
                        "provider",
                        "AMAZON_ADS",
                        "clientId",
                        registered.path("clientId").asText(),
                        "clientSecret",
                        registered.path("clientSecret").asText(),
                        "redirectUri",
                        redirectUri,
                        "default",
                        byDefault,
                        "endpoints",
                        Map.of(
                                "authorization", amazon + "/ads/{region}/ap/oa",
                                "token", amazon + "/lwa/{region}/auth/o2/token",
                                "api",
                                        Map.of(
                                                "NA", amazon + "/ads-api/na",
                                                "EU", amazon + "/ads-api/eu",
                                                "FE", amazon + "/ads-api/fe"))))
                .post("/api/apps")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    public static Map<String, Object> connection(String tenant, String externalId) {
        return Map.of(
                "tenantId",
                tenant,
                "externalId",
                externalId,
                "provider",
                "AMAZON_SELLER",
                "region",
                "EU",
                "label",
                "Shop " + externalId,
                "marketplaces",
                List.of("A1PA6795UKMFR9"),
                "contacts",
                List.of(Map.of("name", "Ada", "email", "ada@shop.example", "locale", "de", "order", 1)));
    }
}
