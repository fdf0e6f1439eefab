package io.perennial.auth.token.amazon;

import io.perennial.service.BoundedClient;
import io.perennial.service.Mode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to the provider: no redirects, no decompression, an answer of bounded size within a bounded time, however slowly it
 * drips. A request is sent once; in production never to an address of the own machine or network, whatever name leads there.
 */
@ApplicationScoped
class ProviderHttp {
    private static final String FORM = "application/x-www-form-urlencoded;charset=UTF-8";

    /** A consent takes three answers, each of which may take a good part of a second. */
    private static final int CONNECTIONS = 128;

    private final BoundedClient http;
    private final LwaConfig config;

    @Inject
    ProviderHttp(Vertx vertx, LwaConfig config, Mode mode) {
        this(new BoundedClient(vertx, CONNECTIONS, false, mode), config);
    }

    ProviderHttp(BoundedClient http, LwaConfig config) {
        this.http = http;
        this.config = config;
    }

    /** Status, media type and body of an answer. */
    record Answer(int status, String mediaType, Buffer body) {
        boolean json() {
            return mediaType.startsWith("application/json");
        }

        /**
         * Whether access is refused because of what the token may see. Every other 403 names its reason in the details (an
         * old token, an old secret, a fault of the platform) and passes.
         */
        boolean deniedForGood() {
            if (status != 403 || !json()) {
                return false;
            }
            try {
                JsonArray errors = new JsonObject(body).getJsonArray("errors", new JsonArray());
                return errors.size() > 0
                        && !(errors.getJsonObject(0).getValue("details") instanceof String reason && !reason.isBlank());
            } catch (DecodeException | ClassCastException e) {
                return false;
            }
        }
    }

    Uni<Answer> post(String url, MultiMap form) {
        String body = form.entries().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return ask(HttpMethod.POST, url, Map.of("content-type", FORM), Buffer.buffer(body), config.maxAnswer());
    }

    Uni<Answer> get(String url, String headerName, String headerValue) {
        return get(url, Map.of(headerName, headerValue), config.maxAnswer());
    }

    Uni<Answer> get(String url, Map<String, String> headers, int maxAnswer) {
        return ask(HttpMethod.GET, url, headers, null, maxAnswer);
    }

    private Uni<Answer> ask(
            HttpMethod method, String url, Map<String, String> headers, @Nullable Buffer body, int maxAnswer) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("accept", "application/json");
        return http.send(method, url, all, body, new BoundedClient.Bounds(maxAnswer, config.timeout()))
                .map(ProviderHttp::answer);
    }

    private static Answer answer(BoundedClient.Reply reply) {
        String mediaType = reply.header("content-type");
        return new Answer(reply.status(), mediaType == null ? "" : mediaType, Buffer.buffer(reply.body()));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
