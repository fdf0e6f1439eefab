package io.perennial.launcher.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.service.LocalHttp;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Makes the sandbox's application known to auth-service, by the calls that an operator of a real installation would
 * make. Repeating it changes nothing.
 */
record Seed(Ports ports) {

    /** The sandbox lets first secrets last: nobody is to be told that one ends. */
    private static final String NEVER = "2100-01-01T00:00:00Z";

    private static final ObjectMapper JSON = new ObjectMapper();

    void plant() {
        String sandbox = ports.url(StackService.SANDBOX);
        String auth = ports.url(StackService.AUTH_SERVICE);
        Map<String, String> headers = Map.of(
                "Authorization",
                "Bearer " + SandboxTokens.request(ports.issuerUrl(), "admin", List.of()),
                "Content-Type",
                "application/json");
        JsonNode known = read(LocalHttp.get(auth + "/api/apps", headers), "the list of applications");
        JsonNode items = known.isArray() ? known : known.path("items");
        // Sellers and vendors consent to the same application, on different sites.
        JsonNode atAmazon = sellingPartners(sandbox, auth + "/oauth/amazon/callback");
        plant(auth, headers, items, sellingPartner("sandbox", "AMAZON_SELLER", "seller-central", atAmazon));
        plant(auth, headers, items, sellingPartner("sandbox-vendor", "AMAZON_VENDOR", "vendor-central", atAmazon));
        plant(auth, headers, items, advertising(sandbox, auth + "/oauth/ads/callback"));
    }

    private static void plant(String auth, Map<String, String> headers, JsonNode known, ObjectNode application) {
        String provider = application.path("provider").asText();
        boolean there = StreamSupport.stream(known.spliterator(), false)
                .anyMatch(app -> app.path("provider").asText().equals(provider));
        if (!there) {
            Map<String, String> withKey = new HashMap<>(headers);
            withKey.put(
                    "Idempotency-Key",
                    "perennial-seed-" + provider.toLowerCase(Locale.ROOT).replace('_', '-'));
            read(LocalHttp.post(auth + "/api/apps", withKey, application.toString()), "the new application");
        }
    }

    private JsonNode sellingPartners(String sandbox, String callback) {
        ObjectNode registration = JSON.createObjectNode()
                .put("name", "Perennial")
                .put("published", true)
                .put("loginUri", callback.replace("/callback", "/login"));
        return registeredWith(sandbox, callback, registration);
    }

    private ObjectNode sellingPartner(String name, String provider, String central, JsonNode atAmazon) {
        String sandbox = ports.url(StackService.SANDBOX);
        String callback = ports.url(StackService.AUTH_SERVICE) + "/oauth/amazon/callback";
        ObjectNode body = application(name, provider, atAmazon, callback);
        ObjectNode endpoints = body.putObject("endpoints")
                .put("authorization", sandbox + "/" + central + "/{country}")
                .put("token", sandbox + "/auth/o2/token");
        putRegions(endpoints.putObject("api"), sandbox + "/sp-api/");
        return body;
    }

    private ObjectNode advertising(String sandbox, String callback) {
        ObjectNode registration = JSON.createObjectNode()
                .put("name", "Perennial Ads")
                .put("published", true)
                .put("kind", "ADS");
        ObjectNode body =
                application("sandbox-ads", "AMAZON_ADS", registeredWith(sandbox, callback, registration), callback);
        ObjectNode endpoints = body.putObject("endpoints")
                .put("authorization", sandbox + "/ads/{region}/ap/oa")
                .put("token", sandbox + "/lwa/{region}/auth/o2/token");
        putRegions(endpoints.putObject("api"), sandbox + "/ads-api/");
        return body;
    }

    private static ObjectNode application(String name, String provider, JsonNode atAmazon, String callback) {
        return JSON.createObjectNode()
                .put("name", name)
                .put("provider", provider)
                .put("clientId", atAmazon.path("clientId").asText())
                .put("clientSecret", atAmazon.path("clientSecret").asText())
                .put("clientSecretExpiresAt", atAmazon.path("secretEndsAt").asText(NEVER))
                .put("applicationId", atAmazon.path("applicationId").asText())
                .put("draft", !atAmazon.path("published").asBoolean())
                .put("private", false)
                .put("redirectUri", callback)
                .put("default", true);
    }

    private static void putRegions(ObjectNode api, String base) {
        api.put("NA", base + "na").put("EU", base + "eu").put("FE", base + "fe");
    }

    /** The sandbox's own application calls back to the standard port; with moved ports another one is registered. */
    private JsonNode registeredWith(String sandbox, String callback, ObjectNode registration) {
        JsonNode applications = read(LocalHttp.get(sandbox + "/sandbox/apps", Map.of()), "the sandbox's applications");
        return StreamSupport.stream(applications.spliterator(), false)
                .filter(app -> StreamSupport.stream(app.path("redirectUris").spliterator(), false)
                        .anyMatch(uri -> uri.asText().equals(callback)))
                .findFirst()
                .orElseGet(() -> register(sandbox, callback, registration));
    }

    private static JsonNode register(String sandbox, String callback, ObjectNode registration) {
        registration.putArray("redirectUris").add(callback);
        return read(
                LocalHttp.post(
                        sandbox + "/sandbox/apps", Map.of("Content-Type", "application/json"), registration.toString()),
                "the sandbox's new application");
    }

    private static JsonNode read(LocalHttp.Answer answer, String what) {
        if (!answer.ok()) {
            throw new LauncherException(what + ": HTTP " + answer.status() + " " + answer.body());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new LauncherException(what + ": the answer is not JSON", e);
        }
    }
}
