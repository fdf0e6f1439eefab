package io.perennial.service;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to others whose answers are read up to a size and for a time, and not a byte or a moment more. Whoever breaks a
 * bound loses the connection: a huge answer takes no memory, and one that drips without an end holds nothing. A request is sent
 * once, or not at all if its time ended while it waited for a connection.
 *
 * <p>Not the Web Client: it reads a body that broke its bound to the end, and its time-out begins anew with every byte.
 */
public final class BoundedClient {
    private final HttpClient http;
    private final @Nullable Destinations destinations;

    /**
     * @param connections to one host
     * @param unpacking whether packed answers are asked for, and unpacked before they are counted
     * @param mode a sandbox is at home: there every address may be called, otherwise only those of the outside
     */
    public BoundedClient(Vertx vertx, int connections, boolean unpacking, Mode mode) {
        this(vertx, connections, unpacking, mode == Mode.SANDBOX ? null : Destinations.outside(vertx));
    }

    /**
     * A client that connects to some addresses only.
     *
     * @param destinations null for all
     */
    public BoundedClient(Vertx vertx, int connections, boolean unpacking, @Nullable Destinations destinations) {
        this.destinations = destinations;
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout(5000)
                .setMaxPoolSize(connections)
                .setDecompressionSupported(unpacking));
    }

    /** What an answer may be. */
    public record Bounds(int bytes, Duration time) {}

    /** An answer that came to its end. */
    public record Reply(int status, MultiMap headers, byte[] body) {
        public @Nullable String header(String name) {
            return headers.get(name);
        }
    }

    /** The body is larger than allowed. */
    public static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLarge(int limit) {
            super("The answer has more than " + limit + " bytes", null, false, false);
        }
    }

    /**
     * Sends a request. A redirect is an answer like any other.
     *
     * @param body to be sent; null for none
     * @return fails with {@link TooLarge} or a {@link TimeoutException} if the answer breaks a bound, with
     *     {@link Destinations.Refused} before anything is sent if the host may not be called
     */
    public Uni<Reply> send(
            HttpMethod method, String address, Map<String, String> headers, @Nullable Buffer body, Bounds bounds) {
        return Uni.createFrom().deferred(() -> {
            RequestOptions request = new RequestOptions().setMethod(method).setAbsoluteURI(address);
            headers.forEach(request::putHeader);
            request.putHeader("User-Agent", "Perennial/0.1 (Language=Java)");
            Exchange exchange = new Exchange(bounds.bytes());
            return Uni.createFrom()
                    .completionStage(() -> addressed(request)
                            .compose(http::request)
                            .compose(begun -> exchange.send(begun, body))
                            .toCompletionStage())
                    .ifNoItem()
                    .after(bounds.time())
                    .failWith(TimeoutException::new)
                    .onFailure(TimeoutException.class)
                    .invoke(exchange::abandon);
        });
    }

    /** The host stays what certificate and server are asked for, whatever address is connected to. */
    private Future<RequestOptions> addressed(RequestOptions request) {
        return destinations == null
                ? Future.succeededFuture(request)
                : destinations.of(request.getHost(), request.getPort()).map(request::setServer);
    }

    private static final class Exchange {
        private final int limit;
        private final Buffer content = Buffer.buffer();
        private final Promise<Reply> result = Promise.promise();

        private @Nullable HttpClientRequest request;
        private boolean abandoned;

        Exchange(int limit) {
            this.limit = limit;
        }

        /** Sends the request, unless it was given up while it waited for a connection. */
        synchronized Future<Reply> send(HttpClientRequest begun, @Nullable Buffer body) {
            if (abandoned) {
                begun.reset();
                return Future.failedFuture(new TimeoutException());
            }
            request = begun;
            (body == null ? begun.send() : begun.send(body))
                    .onSuccess(this::read)
                    .onFailure(result::tryFail);
            return result.future();
        }

        synchronized void abandon() {
            abandoned = true;
            if (request != null) {
                request.reset();
            }
        }

        private void read(HttpClientResponse response) {
            response.exceptionHandler(result::tryFail);
            response.endHandler(end ->
                    result.tryComplete(new Reply(response.statusCode(), response.headers(), content.getBytes())));
            response.handler(data -> {
                if (content.length() + data.length() > limit) {
                    result.tryFail(new TooLarge(limit));
                    abandon();
                } else {
                    content.appendBuffer(data);
                }
            });
        }
    }
}
