package io.perennial.bench.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.bench.lab.Lab;
import io.perennial.launcher.process.LoopbackPort;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.UUID;

/** Answers the notifier's questions for links as auth-service does: every connection is known, ended, and has a contact. */
final class Links implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;

    private Links(HttpServer server) {
        this.server = server;
    }

    static Links start(Lab lab) {
        HttpServer server = lab.vertx().createHttpServer();
        server.requestHandler(request -> request.body().onSuccess(body -> request.response()
                .putHeader("Content-Type", "application/json")
                .end(answers(body))));
        server.listen(0, LoopbackPort.HOST)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new Links(server);
    }

    String url() {
        return "http://" + LoopbackPort.HOST + ":" + server.actualPort();
    }

    private static Buffer answers(Buffer questions) {
        try {
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode items = answer.putArray("items");
            for (JsonNode question : JSON.readTree(questions.getBytes()).path("items")) {
                items.add(answer(question));
            }
            return Buffer.buffer(JSON.writeValueAsBytes(answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode answer(JsonNode question) {
        String id = question.path("connectionId").asText();
        ObjectNode link = JSON.createObjectNode();
        link.put("connectionId", id)
                .put("generation", question.path("generation").asInt())
                .put("current", true)
                .put("state", "EXPIRED")
                .put("endsAt", Instant.now().minusSeconds(3_600).toString())
                .put("reference", "PRN-" + id.substring(28))
                .put("label", "Muster Shop")
                .put("externalId", "ext-" + id)
                .put("accountId", "A2MUSTER12345")
                .put("accountName", "Muster Shop")
                .put("provider", "AMAZON_SELLER")
                .put("region", "EU");
        if (question.path("link").asBoolean(true)) {
            link.put("url", "https://perennial.example/connect/" + id.replace("-", ""));
        }
        if (question.has("group")) {
            link.set("group", question.get("group"));
        }
        link.putObject("tenant")
                .put("id", "tenant")
                .put("name", "Acme Commerce")
                .put("integrator", "Listing Sync")
                .put("supportEmail", "help@acme.example")
                .put("supportHours", "Mon-Fri 8-18 CET")
                .put("supportUrl", "https://acme.example/help");
        link.putArray("contacts")
                .addObject()
                .put(
                        "id",
                        UUID.nameUUIDFromBytes(id.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                .toString())
                .put("name", "Ada Owner")
                .put("email", Letterhead.recipient(Long.parseLong(id.substring(24))))
                .put("locale", "en")
                .put("order", 1);
        return link;
    }

    @Override
    public void close() {
        server.close();
    }
}
