package io.perennial.auth;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;

/** Calls the REST API as somebody. */
public final class Api {
    private Api() {}

    public static RequestSpecification as(String roles, String... tenants) {
        return given().auth().oauth2(Issuer.token(roles, tenants)).contentType(ContentType.JSON);
    }

    public static RequestSpecification admin() {
        return as("admin", "*");
    }

    /** The default application of a provider at a stand-in for Amazon. */
    public static String app(String provider, String amazon) {
        String name = provider + "-" + UUID.randomUUID();
        return admin().body(Map.of(
                        "name",
                        name,
                        "provider",
                        provider,
                        "clientId",
                        "amzn1.application-oa2-client." + name,
                        "clientSecret",
                        "canary-client-secret",
                        "applicationId",
                        "amzn1.sp.solution." + name,
                        "draft",
                        false,
                        "redirectUri",
                        "http://localhost:8081/oauth/amazon/callback",
                        "default",
                        true,
                        "endpoints",
                        Map.of(
                                "authorization", amazon + "/seller-central/{country}",
                                "token", amazon + "/auth/o2/token",
                                "api",
                                        Map.of(
                                                "NA", amazon + "/sp-api/na",
                                                "EU", amazon + "/sp-api/eu",
                                                "FE", amazon + "/sp-api/fe"))))
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
                java.util.List.of("A1PA6795UKMFR9"),
                "contacts",
                java.util.List.of(Map.of("name", "Ada", "email", "ada@shop.example", "locale", "de", "order", 1)));
    }
}
