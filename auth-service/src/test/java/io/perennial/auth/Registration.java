package io.perennial.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An application of its own: registered at the stand-in for Amazon and entered here, never a provider's default. */
public final class Registration {
    private final JsonNode atAmazon;
    private final Map<String, Object> here = new HashMap<>();
    private final Map<String, Object> endpoints = new HashMap<>();

    private Registration(JsonNode atAmazon, String provider, String central) {
        this.atAmazon = atAmazon;
        here.put("name", provider + "-" + UUID.randomUUID());
        here.put("provider", provider);
        here.put("clientId", atAmazon.path("clientId").asText());
        here.put("clientSecret", atAmazon.path("clientSecret").asText());
        here.put("applicationId", atAmazon.path("applicationId").asText());
        here.put("redirectUri", callback());
        endpoints.putAll(Map.of(
                "authorization",
                Amazon.url() + "/" + central + "/{country}",
                "token",
                Amazon.url() + "/auth/o2/token",
                "api",
                Map.of(
                        "NA", Amazon.url() + "/sp-api/na",
                        "EU", Amazon.url() + "/sp-api/eu",
                        "FE", Amazon.url() + "/sp-api/fe")));
        here.put("endpoints", endpoints);
    }

    public static Registration of(String provider, String central, boolean published) {
        JsonNode atAmazon = Amazon.register(callback(), Shop.base() + "/oauth/amazon/login", published);
        return new Registration(atAmazon, provider, central).with("draft", !published);
    }

    public static Registration ofSellers() {
        return of("AMAZON_SELLER", "seller-central", true);
    }

    private static String callback() {
        return Shop.base() + "/oauth/amazon/callback";
    }

    public Registration with(String field, Object value) {
        here.put(field, value);
        return this;
    }

    /** Another site than the application's for one marketplace. */
    public Registration withConsentSite(String marketplace, String site) {
        endpoints.put("consentSites", Map.of(marketplace, site));
        return this;
    }

    public String applicationId() {
        return atAmazon.path("applicationId").asText();
    }

    /** Enters it; its id. */
    public String enter() {
        return Api.admin()
                .body(here)
                .post("/api/apps")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /** A connection of a tenant through the application. */
    public static UUID connection(String tenant, String app, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(Api.connection(tenant, "x-" + UUID.randomUUID()));
        body.put("app", app);
        body.putAll(more);
        return UUID.fromString(Api.admin()
                .body(body)
                .post("/api/connections")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    public static Map<String, Object> in(String region, String marketplace) {
        return Map.of("region", region, "marketplaces", List.of(marketplace));
    }
}
