package io.perennial.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers reminder-link questions as auth-service does, over real HTTP, from what a test tells it. */
public final class LinksStandIn {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<UUID, ObjectNode> connections = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile int failWith;
    private volatile String garbage = "";
    private HttpServer server;

    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/api/reminder-links", this::answer);
        server.setExecutor(Executors.newFixedThreadPool(4, task -> {
            Thread thread = new Thread(task, "links-stand-in");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    void stop() {
        server.stop(0);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on it is down: this status for every question. */
    public void failWith(int status) {
        failWith = status;
    }

    /** From now on it answers 200 with this body. */
    public void answerWith(String body) {
        garbage = body;
    }

    public void recover() {
        failWith = 0;
        garbage = "";
    }

    /** How many requests came. */
    public int questions() {
        return questions.get();
    }

    /** A connection as auth-service knows it; change the node to change the answer. */
    public ObjectNode connection(UUID id) {
        return connections.get(id);
    }

    /** Makes a connection known, active and usable. */
    public ObjectNode add(UUID id, int generation, Instant endsAt, String email) {
        ObjectNode known = JSON.createObjectNode();
        known.put("generation", generation).put("state", "ACTIVE").put("endsAt", endsAt.toString());
        known.put(
                "url",
                "http://localhost:8081/connect/" + UUID.randomUUID().toString().replace("-", ""));
        known.put("reference", "PRN-" + id.toString().substring(28).toUpperCase());
        known.put("label", "Muster Shop").put("externalId", "ext-" + id);
        known.put("accountId", "A2MUSTER12345").put("accountName", "Muster Shop");
        known.put("provider", "AMAZON_SELLER").put("region", "EU");
        known.putObject("tenant")
                .put("id", "acme")
                .put("name", "Acme Commerce")
                .put("integrator", "Listing Sync")
                .put("supportEmail", "help@acme.example")
                .put("supportHours", "Mon-Fri 8-18 CET")
                .put("supportUrl", "https://acme.example/help")
                .put("futureField", "is ignored");
        known.putArray("contacts").add(contact(email, "First Person", 1));
        connections.put(id, known);
        return known;
    }

    /** Names another contact of a known connection. */
    public void addContact(UUID id, String email, int order) {
        connections.get(id).withArray("contacts").add(contact(email, "Person " + order, order));
    }

    private static ObjectNode contact(String email, String name, int order) {
        return JSON.createObjectNode()
                .put("id", UUID.randomUUID().toString())
                .put("name", name)
                .put("email", email)
                .put("locale", "en")
                .put("order", order);
    }

    private void answer(HttpExchange exchange) throws IOException {
        questions.incrementAndGet();
        try (exchange) {
            String bearer = exchange.getRequestHeaders().getFirst("Authorization");
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            if (bearer == null || !bearer.startsWith("Bearer ")) {
                reply(exchange, 401, "{}");
            } else if (failWith != 0) {
                reply(exchange, failWith, "<html>down</html>");
            } else if (!garbage.isEmpty()) {
                reply(exchange, 200, garbage);
            } else {
                reply(exchange, 200, answers(request).toString());
            }
        }
    }

    private JsonNode answers(JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode items = answer.putArray("items");
        for (JsonNode item : request.get("items")) {
            UUID id = UUID.fromString(item.get("connectionId").asText());
            ObjectNode known = connections.get(id);
            if (known != null) {
                ObjectNode link = answer(id, item.get("generation").asInt(), known.deepCopy());
                if (!item.path("link").asBoolean(true)) {
                    link.remove("url");
                }
                if (item.has("group")) {
                    link.set("group", item.get("group"));
                }
                if (item.has("campaign")) {
                    link.putObject("campaign")
                            .put("number", item.get("campaign").asInt())
                            .put("reason", "ROLE_ADDED")
                            .put("connections", 3);
                }
                items.add(link);
            }
        }
        return answer;
    }

    private static ObjectNode answer(UUID id, int askedFor, ObjectNode known) {
        boolean current = known.get("generation").asInt() == askedFor
                && !known.get("state").asText().equals("DISCONNECTED");
        known.put("connectionId", id.toString()).put("generation", askedFor).put("current", current);
        if (!current) {
            known.remove("url");
        }
        return known;
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
