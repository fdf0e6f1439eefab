package io.perennial.bench.load;

import io.perennial.launcher.process.LoopbackPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.Map;

/** Requests to a service on this machine; an answer that was not expected is a failure. */
public final class Http {
    private final HttpClient client;

    /** Keeps that many connections at most. */
    public Http(Vertx vertx, int connections) {
        this.client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(connections));
    }

    public Future<Buffer> send(
            HttpMethod method, int port, String path, Map<String, String> headers, int expectedStatus) {
        return client.request(method, port, LoopbackPort.HOST, path)
                .compose(request -> {
                    headers.forEach(request::putHeader);
                    return request.send();
                })
                .compose(response -> body(response, path, expectedStatus));
    }

    private static Future<Buffer> body(HttpClientResponse response, String path, int expectedStatus) {
        return response.body()
                .compose(body -> response.statusCode() == expectedStatus
                        ? Future.succeededFuture(body)
                        : Future.failedFuture(new UnexpectedAnswer(
                                path.split("\\?", 2)[0] + " answered " + response.statusCode() + ": "
                                        + body.toString().lines().limit(5).toList())));
    }

    /** Work that was not done. */
    public static final class UnexpectedAnswer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnexpectedAnswer(String what) {
            super(what);
        }
    }
}
