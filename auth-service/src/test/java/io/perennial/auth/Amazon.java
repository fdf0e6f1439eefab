package io.perennial.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.testsupport.SandboxProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The stand-in for Amazon: its accounts, its log of calls, and what happens there. */
public final class Amazon {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final AtomicInteger NEXT = new AtomicInteger();

    private Amazon() {}

    public static String url() {
        return SandboxProcess.shared().baseUrl();
    }

    /** An account as the sandbox seeds it. */
    public record Seller(String id, String name, String email, String password) {}

    /** The n-th account of a region that has one primary user. */
    public static Seller seller(String region, int index) {
        return account("/sandbox/sellers", region, index);
    }

    /** The vendor of a region. */
    public static Seller vendor(String region) {
        return account("/sandbox/vendors", region, 0);
    }

    private static Seller account(String kind, String region, int index) {
        List<Seller> found = new ArrayList<>();
        JsonNode all = get(kind);
        for (JsonNode one : all.isArray() ? all : all.path("items")) {
            if (one.path("region").asText().equalsIgnoreCase(region)) {
                found.add(new Seller(
                        one.path("sellerId").asText(),
                        one.path("name").asText(),
                        one.path("email").asText(),
                        one.path("password").asText()));
            }
        }
        return found.get(index % found.size());
    }

    /** An account that few tests used: Amazon allows one look at an account's marketplaces a minute, fifteen in a burst. */
    public static Seller nextSeller(String region) {
        return seller(region, NEXT.getAndIncrement());
    }

    /** A published application that sends browsers back to this address. */
    public static JsonNode register(String redirectUri) {
        return send(
                "POST",
                "/sandbox/apps",
                Map.of("name", "Perennial test", "redirectUris", List.of(redirectUri), "published", true));
    }

    /** An advertising application that sends browsers back to this address. */
    public static JsonNode registerAdvertising(String redirectUri) {
        return send(
                "POST",
                "/sandbox/apps",
                Map.of(
                        "name",
                        "Perennial advertising test",
                        "redirectUris",
                        List.of(redirectUri),
                        "published",
                        true,
                        "kind",
                        "ADS"));
    }

    /** A login that advertises, with its profiles. */
    public record Advertiser(Seller login, List<JsonNode> profiles) {
        public List<String> profileIds(String region) {
            return profiles.stream()
                    .filter(profile -> profile.path("region").asText().equals(region))
                    .map(profile -> profile.path("profileId").asText())
                    .toList();
        }
    }

    public static Advertiser advertiser(String name) {
        for (JsonNode one : get("/sandbox/advertisers")) {
            if (one.path("name").asText().equals(name)) {
                List<JsonNode> profiles = new ArrayList<>();
                one.path("profiles").forEach(profiles::add);
                Seller login = new Seller(
                        one.path("loginId").asText(),
                        name,
                        one.path("email").asText(),
                        one.path("password").asText());
                return new Advertiser(login, profiles);
            }
        }
        throw new IllegalArgumentException("Nobody advertises as " + name);
    }

    /** Whether a login may edit a profile from now on. */
    public static void right(Advertiser advertiser, String profile, boolean given) {
        String way = given ? "/give-back" : "/withdraw";
        send("POST", "/sandbox/advertisers/" + advertiser.login().id() + "/profiles/" + profile + way, Map.of());
    }

    /** An application as its developer registers it, with a Login URI. */
    public static JsonNode register(String redirectUri, String loginUri, boolean published) {
        return send(
                "POST",
                "/sandbox/apps",
                Map.of(
                        "name",
                        "Perennial test",
                        "redirectUris",
                        List.of(redirectUri),
                        "loginUri",
                        loginUri,
                        "published",
                        published));
    }

    /** The refresh token that the owner of a private application makes for himself. */
    public static String selfAuthorize(Seller seller, String applicationId) {
        return send(
                        "POST",
                        "/sandbox/sellers/" + seller.id() + "/self-authorize",
                        Map.of("applicationId", applicationId))
                .path("refreshToken")
                .asText();
    }

    public static void revoke(Seller seller) {
        send("POST", "/sandbox/sellers/" + seller.id() + "/revoke", Map.of());
    }

    /** A new client secret; the former one is good for seven more days. */
    public static String rotateSecret(String applicationId) {
        return send("POST", "/sandbox/apps/" + applicationId + "/rotate-secret", Map.of())
                .path("clientSecret")
                .asText();
    }

    /** Chooses one of the behaviours that Amazon does not document. */
    public static void behave(String behaviour, String value) {
        send("PUT", "/sandbox/behaviour", Map.of(behaviour, value));
    }

    public static void faults(Object... faults) {
        send("PUT", "/sandbox/faults", List.of(faults));
    }

    /** Where the log ends now. */
    public static long logEnd() {
        List<JsonNode> all = log(0, line -> true);
        return all.isEmpty() ? 0 : all.get(all.size() - 1).path("sequence").asLong();
    }

    public static List<JsonNode> log(long after, Predicate<JsonNode> wanted) {
        return text("/sandbox/log?after=" + after)
                .lines()
                .map(Amazon::parse)
                .filter(wanted)
                .toList();
    }

    /** How many token requests of that grant type came since. */
    public static long tokenCalls(long after, String grantType) {
        return log(after, line -> line.path("grantType").asText().equals(grantType))
                .size();
    }

    public static JsonNode get(String path) {
        return parse(text(path));
    }

    private static String text(String path) {
        return exchange(HttpRequest.newBuilder(URI.create(url() + path)).GET());
    }

    private static JsonNode send(String method, String path, Object body) {
        try {
            String text = exchange(HttpRequest.newBuilder(URI.create(url() + path))
                    .header("content-type", "application/json")
                    .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body))));
            return text.isBlank() ? JSON.nullNode() : parse(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String exchange(HttpRequest.Builder request) {
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(
                        response.uri() + " answered " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
