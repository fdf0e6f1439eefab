package io.perennial.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Seller;

/** Application at the provider besides the ones that every stack begins with. */
record Application(String id, String applicationId) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A seller application of its own, registered at the provider and entered here. */
    static Application enter(House house, String name, boolean draft, boolean ownUse) {
        String callback = house.stack().url(StackService.AUTH_SERVICE) + "/oauth/amazon/callback";
        String sandbox = house.stack().url(StackService.SANDBOX);
        ObjectNode registration = JSON.createObjectNode().put("name", name).put("published", !draft);
        registration.putArray("redirectUris").add(callback);
        JsonNode atAmazon = house.sandbox().post("/sandbox/apps", registration.toString());
        ObjectNode body = JSON.createObjectNode()
                .put("name", name)
                .put("provider", "AMAZON_SELLER")
                .put("clientId", atAmazon.get("clientId").asText())
                .put("clientSecret", atAmazon.get("clientSecret").asText())
                .put("applicationId", atAmazon.get("applicationId").asText())
                .put("draft", draft)
                .put("private", ownUse)
                .put("redirectUri", callback);
        ObjectNode endpoints = body.putObject("endpoints")
                .put("authorization", sandbox + "/seller-central/{country}")
                .put("token", sandbox + "/auth/o2/token");
        endpoints
                .putObject("api")
                .put("NA", sandbox + "/sp-api/na")
                .put("EU", sandbox + "/sp-api/eu")
                .put("FE", sandbox + "/sp-api/fe");
        String id =
                house.auth("admin").post("/api/apps", body.toString()).get("id").asText();
        return new Application(id, atAmazon.get("applicationId").asText());
    }

    /** What the provider calls the application that every stack begins with. */
    static String usual(House house) {
        String callback = house.stack().url(StackService.AUTH_SERVICE) + "/oauth/amazon/callback";
        for (JsonNode app : house.sandbox().get("/sandbox/apps")) {
            if (app.hasNonNull("loginUri") && app.get("redirectUris").toString().contains(callback)) {
                return app.get("applicationId").asText();
            }
        }
        throw new AssertionError("The stack has no application");
    }

    /** The refresh token that a seller's authorization of an application has, without any callback. */
    static String token(House house, Seller seller, String applicationId) {
        return house.sandbox()
                .post(
                        "/sandbox/sellers/" + seller.id() + "/self-authorize",
                        "{\"applicationId\":\"" + applicationId + "\"}")
                .get("refreshToken")
                .asText();
    }
}
