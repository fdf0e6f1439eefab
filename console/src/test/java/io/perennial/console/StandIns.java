package io.perennial.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stand-ins for auth-service, fetch-orchestrator and notifier: their answers depend on the request alone. What names an
 * id that ends in {@code dead} gets no answer; a label "Refused" is refused.
 */
final class StandIns {
    private static final String APP = "01990000-0000-7000-8000-0000000000a1";
    /** Renewed more than one answer has room for. */
    private static final String LARGE_CAMPAIGN = "01990000-0000-7000-8000-0000000000cc";

    private static final String BULK = "01990000-0000-7000-8000-0000000000cd";

    private static final String DEAD = "dead";

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    StandIns() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String start() {
        server.setExecutor(threads);
        server.createContext("/api/", this::answer);
        server.start();
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void stop() {
        server.stop(0);
        threads.shutdown();
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String uri = call.getRequestURI().toString();
            if (uri.contains(DEAD) || body.contains(DEAD)) {
                return;
            }
            String bearer = call.getRequestHeaders().getFirst("Authorization");
            if (bearer == null || !bearer.startsWith("Bearer ey")) {
                send(call, 401, new JsonObject().put("code", "UNAUTHENTICATED"));
                return;
            }
            send(call, call.getRequestMethod(), call.getRequestURI().getPath(), body);
        }
    }

    private static void send(HttpExchange call, String method, String path, String body) throws IOException {
        if (path.equals("/api/connections")) {
            create(call, new JsonObject(body));
        } else if (path.equals("/api/consent-links")) {
            send(call, 201, new JsonObject().put("url", "http://localhost:8081/connect/a-link-for-the-test"));
        } else if (path.startsWith("/api/campaigns")) {
            campaign(call, method, path, body);
        } else if (path.startsWith("/api/imports")) {
            send(call, 200, path.equals("/api/imports") ? one(anImport()) : anImport());
        } else if (path.startsWith("/api/consent-reviews/")) {
            send(
                    call,
                    200,
                    new JsonObject()
                            .put(
                                    "status",
                                    new JsonObject(body).getString("decision").equals("ACCEPT")
                                            ? "COMPLETED"
                                            : "FAILED"));
        } else if (method.equals("GET") && path.matches("/api/connections/[^/]+")) {
            send(call, 200, new JsonObject().put("expectedAccountId", "A1ANNOUNCED"));
        } else if (path.endsWith("/probe")) {
            send(call, 200, new JsonObject().put("state", "ACTIVE").put("result", "ALIVE"));
        } else if (path.equals("/api/fetches")) {
            JsonObject accepted = new JsonObject().put("fetches", new JsonArray());
            send(call, 202, body.contains(LARGE_CAMPAIGN) ? accepted.put("bulk", bulk("PLANNING", 400)) : accepted);
        } else if (path.equals("/api/fetches/bulk/" + BULK)) {
            send(call, 200, bulk("PLANNED", 12_345).put("message", "Words of <fetching>."));
        } else if (path.equals("/api/reminders")) {
            send(call, 202, new JsonObject());
        } else if (path.endsWith("/profiles")) {
            send(call, 200, profiles());
        } else if (path.equals("/api/apps")) {
            send(
                    call,
                    200,
                    one(new JsonObject()
                            .put("id", APP)
                            .put("name", "Listing <tool>")
                            .put("redirectUri", "https://perennial.example/oauth/ads/callback")
                            .put("provider", "AMAZON_SELLER")));
        } else if (path.equals("/api/apps/" + APP + "/suspend") || path.equals("/api/apps/" + APP + "/secrets")) {
            send(call, 200, new JsonObject());
        } else if (path.equals("/api/outages")) {
            send(
                    call,
                    200,
                    one(new JsonObject()
                            .put("appName", "Listing <tool>")
                            .put("region", "EU")
                            .put("reason", "MASS_REFUSAL")
                            .put("since", "2026-06-01T08:00:00Z")));
        } else if (path.equals("/api/client-secrets")) {
            send(
                    call,
                    200,
                    one(new JsonObject()
                            .put("appId", APP)
                            .put("appName", "Listing tool")
                            .put("expiresAt", "2026-06-14T08:00:00Z")));
        } else if (path.equals("/api/load-status")) {
            send(call, 200, loadStatus(call.getRequestURI().getQuery()));
        } else if (path.equals("/api/unclaimed-connections")) {
            send(call, 200, new JsonObject().put("items", new JsonArray().add(unclaimed())));
        } else if (path.endsWith("/assign") || path.endsWith("/self-authorization")) {
            send(call, 200, new JsonObject().put("outcome", "connected").put("state", "ACTIVE"));
        } else if (method.equals("PATCH")) {
            boolean atStartOfDay = new JsonObject(body).getString("endsAt", "").endsWith("T00:00:00Z");
            send(call, atStartOfDay ? 200 : 400, new JsonObject().put("advice", "It stays <overdue>."));
        } else if (path.equals("/api/suppressions")) {
            send(call, 200, suppressions(call.getRequestURI().getQuery()));
        } else if (path.startsWith("/api/suppressions/")) {
            boolean why = "reason=called & asked".equals(call.getRequestURI().getQuery());
            send(call, why ? 200 : 400, new JsonObject().put("code", "INVALID_REQUEST"));
        } else if (method.equals("DELETE")) {
            call.sendResponseHeaders(204, -1);
        } else {
            send(call, 404, new JsonObject().put("code", "NOT_FOUND"));
        }
    }

    private static JsonObject suppressions(String query) {
        JsonObject bounced = new JsonObject()
                .put("id", "01990000-0000-7000-8000-0000000000f1")
                .put("tenantId", "acme")
                .put("connectionId", "01990000-0000-7000-8000-0000000000f2")
                .put("externalId", "shop <17>")
                .put("reason", "BOUNCED")
                .put("code", "5.1.1")
                .put("createdAt", "2026-06-01T08:00:00Z")
                .put("createdBy", "notifier");
        if (query.contains("q=nobody")) {
            return new JsonObject().put("items", new JsonArray());
        }
        JsonObject found = one(bounced).put("next", "page two");
        if (query.contains("lifted=true")) {
            found.getJsonArray("items")
                    .add(bounced.copy()
                            .put("id", "01990000-0000-7000-8000-0000000000f3")
                            .put("reason", "UNSUBSCRIBED")
                            .put("liftedAt", "2026-06-02T08:00:00Z")
                            .put("liftedBy", "olga")
                            .put("liftedBecause", "wants mails again"));
        }
        return found;
    }

    private static void campaign(HttpExchange call, String method, String path, String body) throws IOException {
        JsonObject campaign = new JsonObject()
                .put("id", "01990000-0000-7000-8000-0000000000ca")
                .put("number", 7)
                .put("name", "More <roles>")
                .put("reason", "ROLE_ADDED")
                .put("tenant", "acme")
                .put("state", "STOPPED")
                .put("mailsPerMinute", 60)
                .put("createdAt", "2026-11-01T00:00:00Z")
                .put("progress", new JsonObject().put("connections", 40).put("renewed", 12));
        if (method.equals("POST") && path.equals("/api/campaigns") && !new JsonObject(body).containsKey("tenant")) {
            send(
                    call,
                    409,
                    new JsonObject().put("code", "CONFLICT").put("detail", "The selection finds no connection."));
        } else if (method.equals("GET") && path.equals("/api/campaigns")) {
            send(call, 200, one(campaign));
        } else {
            send(call, 200, campaign);
        }
    }

    private static JsonObject bulk(String state, int connections) {
        return new JsonObject()
                .put("id", BULK)
                .put("state", state)
                .put("connections", connections)
                .put("fetches", connections - 5);
    }

    private static JsonObject anImport() {
        return new JsonObject()
                .put("id", "01990000-0000-7000-8000-0000000000cb")
                .put("name", "sellers.ndjson")
                .put("dryRun", false)
                .put("state", "INTERRUPTED")
                .put("startedAt", "2026-11-01T00:00:00Z")
                .put("lines", 1000)
                .put("imported", 990)
                .put("endsUnknown", 3)
                .put("advice", "Amazon shows it under Manage Your Apps.")
                .put(
                        "faults",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("line", 17)
                                        .put("externalId", "shop-<17>")
                                        .put("field", "region")
                                        .put("message", "is required")));
    }

    private static JsonObject one(JsonObject item) {
        return new JsonObject().put("items", new JsonArray().add(item));
    }

    private static void create(HttpExchange call, JsonObject request) throws IOException {
        if (request.getString("label").equals("Refused")) {
            send(
                    call,
                    400,
                    new JsonObject()
                            .put("code", "INVALID_REQUEST")
                            .put("detail", "two fields are wrong")
                            .put(
                                    "errors",
                                    new JsonArray()
                                            .add(new JsonObject()
                                                    .put("field", "externalId")
                                                    .put("message", "is taken"))
                                            .add(new JsonObject()
                                                    .put("field", "contacts[0].email")
                                                    .put("message", "must be one mail address"))));
            return;
        }
        send(call, 201, new JsonObject().put("id", UUID.randomUUID().toString()));
    }

    /** One id that a floating-point number can not hold, one profile that was lost. */
    private static JsonObject profiles() {
        JsonObject open = new JsonObject()
                .put("profileId", "1234567890123456789")
                .put("accountName", "Olivar <del> Sur")
                .put("countryCode", "ES")
                .put("chosen", false)
                .put("access", "OPEN");
        JsonObject lost =
                new JsonObject().put("profileId", "42").put("chosen", true).put("access", "NO_ACCESS");
        return new JsonObject().put("items", new JsonArray().add(open).add(lost));
    }

    private static JsonObject unclaimed() {
        return new JsonObject()
                .put("id", "01890000-0000-7000-8000-000000000001")
                .put("reference", "P-NOBODYS-OWN")
                .put("provider", "AMAZON_SELLER")
                .put("region", "EU")
                .put("accountId", "A1NOBODY")
                .put("accountName", "Nobody's <Shop>")
                .put("grantedAt", "2027-01-01T00:00:00Z")
                .put("claimUntil", "2027-01-15T00:00:00Z");
    }

    private static JsonObject loadStatus(String query) {
        LocalDate to = LocalDate.parse(parameter(query, "to"));
        JsonArray days = new JsonArray()
                .add(day(to, "RUNNING", 3))
                .add(day(to.minusDays(1), "COMPLETE", 12))
                .add(day(to.minusDays(2), "PARTIAL", 5))
                .add(day(to.minusDays(3), "FAILED", 0).put("code", "PROVIDER_UNAVAILABLE"))
                .add(day(to.minusDays(4), "PARKED", 0))
                .add(day(to.minusDays(5), "NO_ACCESS", 0));
        for (int i = 6; i < 30; i++) {
            days.add(day(to.minusDays(i), "COMPLETE", i));
        }
        JsonArray connections = new JsonArray();
        if (query.contains("connection=")) {
            connections.add(new JsonObject()
                    .put("connectionId", parameter(query, "connection"))
                    .put("externalId", "x")
                    .put("days", days));
        }
        return new JsonObject().put("connections", connections);
    }

    private static JsonObject day(LocalDate date, String status, int orders) {
        return new JsonObject()
                .put("date", date.toString())
                .put("status", status)
                .put("orders", orders);
    }

    private static String parameter(String query, String name) {
        for (String part : query.split("&")) {
            if (part.startsWith(name + "=")) {
                return part.substring(name.length() + 1);
            }
        }
        throw new IllegalArgumentException("no " + name + " in " + query);
    }

    private static void send(HttpExchange call, int status, JsonObject body) throws IOException {
        byte[] content = body.encode().getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().add("Content-Type", "application/json");
        call.sendResponseHeaders(status, content.length);
        call.getResponseBody().write(content);
    }
}
