package io.perennial.launcher.service;

import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Calls to services on this machine. */
public final class LocalHttp {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LocalHttp() {}

    /** An answer, whatever its status. */
    public record Answer(int status, String body) {

        public boolean ok() {
            return status / 100 == 2;
        }
    }

    /** The answer of a service that may not be there, within a short time. */
    public static Optional<Answer> tryGet(String url) {
        try {
            return Optional.of(send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(2))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public static Answer get(String url, Map<String, String> headers) {
        return call(with(headers, HttpRequest.newBuilder(URI.create(url)).GET()), url);
    }

    public static Answer post(String url, Map<String, String> headers, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(body));
        return call(with(headers, request), url);
    }

    private static HttpRequest.Builder with(Map<String, String> headers, HttpRequest.Builder request) {
        headers.forEach(request::header);
        return request.timeout(PATIENCE);
    }

    private static Answer call(HttpRequest.Builder request, String url) {
        try {
            return send(request);
        } catch (IOException e) {
            throw new LauncherException(url + " does not answer: " + e, e);
        }
    }

    private static Answer send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while calling a service", e);
        }
    }
}
