package io.perennial.launcher.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.service.LocalHttp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Makes the sandbox's application known to auth-service, by the calls that an operator of a real installation would
 * make. Repeating it changes nothing.
 */
record Seed(Ports ports) {

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
        if (items.isEmpty()) {
            Map<String, String> withKey = new HashMap<>(headers);
            withKey.put("Idempotency-Key", "perennial-seed-amazon-seller");
            read(
                    LocalHttp.post(
                            auth + "/api/apps", withKey, application(sandbox).toString()),
                    "the new application");
        }
    }

    private ObjectNode application(String sandbox) {
        String callback = ports.url(StackService.AUTH_SERVICE) + "/oauth/amazon/callback";
        JsonNode atAmazon = registeredWith(sandbox, callback);
        ObjectNode body = JSON.createObjectNode()
                .put("name", "sandbox")
                .put("provider", "AMAZON_SELLER")
                .put("clientId", atAmazon.path("clientId").asText())
                .put("clientSecret", atAmazon.path("clientSecret").asText())
                .put("applicationId", atAmazon.path("applicationId").asText())
                .put("draft", !atAmazon.path("published").asBoolean())
                .put("private", false)
                .put("redirectUri", callback)
                .put("default", true);
        ObjectNode endpoints = body.putObject("endpoints")
                .put("authorization", sandbox + "/seller-central/{country}")
                .put("token", sandbox + "/auth/o2/token");
        endpoints
                .putObject("api")
                .put("NA", sandbox + "/sp-api/na")
                .put("EU", sandbox + "/sp-api/eu")
                .put("FE", sandbox + "/sp-api/fe");
        return body;
    }

    /** The sandbox's own application calls back to the standard port; with moved ports another one is registered. */
    private JsonNode registeredWith(String sandbox, String callback) {
        JsonNode applications = read(LocalHttp.get(sandbox + "/sandbox/apps", Map.of()), "the sandbox's applications");
        return StreamSupport.stream(applications.spliterator(), false)
                .filter(app -> StreamSupport.stream(app.path("redirectUris").spliterator(), false)
                        .anyMatch(uri -> uri.asText().equals(callback)))
                .findFirst()
                .orElseGet(() -> register(sandbox, callback));
    }

    private JsonNode register(String sandbox, String callback) {
        ObjectNode body = JSON.createObjectNode().put("name", "Perennial").put("published", true);
        body.putArray("redirectUris").add(callback);
        body.put("loginUri", callback.replace("/callback", "/login"));
        return read(
                LocalHttp.post(sandbox + "/sandbox/apps", Map.of("Content-Type", "application/json"), body.toString()),
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
