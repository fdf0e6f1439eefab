package io.perennial.merchants;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** REST calls with a bearer token, as a program in other hands makes them. */
public final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final String base;
    private final String token;

    public Api(String base, String token) {
        this.base = base;
        this.token = token;
    }

    /** An answer, whatever its status; what is no JSON is null. */
    public record Answer(int status, JsonNode body) {}

    public JsonNode get(String path) {
        return ok(call("GET", path, null));
    }

    public JsonNode post(String path, String body) {
        return ok(call("POST", path, body));
    }

    /** Sends JSON objects, one a line, however many. */
    public JsonNode lines(String path, String lines) {
        return ok(call("POST", path, lines, "application/x-ndjson"));
    }

    public Answer call(String method, String path, @Nullable String body) {
        return call(method, path, body, "application/json");
    }

    private Answer call(String method, String path, @Nullable String body, String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("authorization", "Bearer " + token)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("content-type", contentType);
            request.header("idempotency-key", UUID.randomUUID().toString());
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String type = answer.headers().firstValue("content-type").orElse("");
            return new Answer(
                    answer.statusCode(), type.contains("json") ? JSON.readTree(answer.body()) : JSON.nullNode());
        } catch (IOException e) {
            throw new LauncherException(method + " " + path + " got no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }

    /** A page of text, as it stands at an address; empty when nobody answers. */
    public static Optional<String> read(String url) {
        try {
            return Optional.of(CLIENT.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private JsonNode ok(Answer answer) {
        if (answer.status() / 100 != 2) {
            throw new LauncherException(base + " answered " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }
}
