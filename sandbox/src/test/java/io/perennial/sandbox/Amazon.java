package io.perennial.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What tests do at the stand-in for Amazon: as an integrator with an application of its own, and behind the curtain. */
public final class Amazon {

    public static final String CALLBACK = "http://localhost:8081/oauth/amazon/callback";

    private static final Http HTTP = new Http();

    private Amazon() {}

    public record App(String id, String clientId, String clientSecret) {

        static App of(JsonNode json) {
            return new App(
                    json.get("applicationId").asText(),
                    json.get("clientId").asText(),
                    json.get("clientSecret").asText());
        }
    }

    public record Seller(
            String id,
            String name,
            String email,
            String password,
            String region,
            List<String> marketplaces,
            String country) {}

    public record Tokens(String access, String refresh) {}

    public static App defaultApp() {
        return App.of(Http.json(HTTP.get("/sandbox/apps")).get(0));
    }

    public static App publishedApp() {
        return register(true);
    }

    public static App draftApp() {
        return register(false);
    }

    private static App register(boolean published) {
        HttpResponse<String> response = HTTP.postJson(
                "/sandbox/apps",
                Map.of(
                        "name",
                        "Test App",
                        "redirectUris",
                        List.of(CALLBACK, "https://app.example/second"),
                        "loginUri",
                        "http://localhost:8081/oauth/amazon/login",
                        "published",
                        published));
        assertThat(response.statusCode()).isEqualTo(201);
        return App.of(Http.json(response));
    }

    public static Seller seller(String name) {
        return StreamSupport.stream(Http.json(HTTP.get("/sandbox/sellers")).spliterator(), false)
                .filter(json -> json.get("name").asText().equals(name))
                .map(Amazon::seller)
                .findFirst()
                .orElseThrow();
    }

    public static Seller vendor(String name) {
        return StreamSupport.stream(Http.json(HTTP.get("/sandbox/vendors")).spliterator(), false)
                .filter(json -> json.get("name").asText().equals(name))
                .map(Amazon::seller)
                .findFirst()
                .orElseThrow();
    }

    private static Seller seller(JsonNode json) {
        return new Seller(
                json.get("sellerId").asText(),
                json.get("name").asText(),
                json.get("email").asText(),
                json.get("password").asText(),
                json.get("region").asText(),
                StreamSupport.stream(json.get("marketplaces").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList(),
                json.get("countries").get(0).asText());
    }

    /** Consents in a fresh browser and exchanges the code. */
    public static Tokens authorize(Seller seller, App app) {
        String code = new Merchant(seller).consent(app, "state-1").code();
        return tokens(exchange(app, code));
    }

    public static Tokens tokens(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode json = Http.json(response);
        return new Tokens(
                json.get("access_token").asText(), json.get("refresh_token").asText());
    }

    public static HttpResponse<String> exchange(App app, String code) {
        return token(app, Map.of("grant_type", "authorization_code", "code", code, "redirect_uri", CALLBACK));
    }

    public static HttpResponse<String> refresh(App app, String refreshToken) {
        return token(app, Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    public static HttpResponse<String> token(App app, Map<String, String> parameters) {
        Map<String, String> form = new HashMap<>(parameters);
        form.put("client_id", app.clientId());
        form.put("client_secret", app.clientSecret());
        return HTTP.postForm("/auth/o2/token", form);
    }

    public static HttpResponse<String> call(String path, String accessToken) {
        return HTTP.get(path, "x-amz-access-token", accessToken);
    }

    public static Instant now() {
        return Instant.parse(Http.json(HTTP.get("/sandbox/clock")).get("now").asText());
    }

    public static void advance(String duration) {
        assertThat(HTTP.postJson("/sandbox/clock", Map.of("advance", duration)).statusCode())
                .isEqualTo(200);
    }

    public static void happens(Seller seller, String what) {
        assertThat(HTTP.postJson("/sandbox/sellers/" + seller.id() + "/" + what, Map.of())
                        .statusCode())
                .isEqualTo(204);
    }

    public static void behave(String oldRefreshToken, String lateRenewal) {
        assertThat(HTTP.putJson(
                                "/sandbox/behaviour",
                                Map.of("oldRefreshToken", oldRefreshToken, "lateRenewal", lateRenewal))
                        .statusCode())
                .isEqualTo(200);
    }

    public static void behave(Map<String, String> change) {
        assertThat(HTTP.putJson("/sandbox/behaviour", change).statusCode()).isEqualTo(200);
    }

    /** The application has subscribed to the seller's order changes. */
    public static void subscribe(Seller seller, App app) {
        String path = "/sandbox/sellers/" + seller.id() + "/subscriptions/ORDER_CHANGE/" + app.id();
        assertThat(HTTP.putJson(path, Map.of()).statusCode()).isEqualTo(204);
    }

    public static void faults(List<Map<String, Object>> faults) {
        HttpResponse<String> response = HTTP.putJson("/sandbox/faults", faults);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
}
