package io.perennial.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Answers searchOrders as nobody should: what a test makes of the number of the request and its page token. */
public final class BrokenAmazon implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Function<Request, Answer> script;

    /** @param pageToken empty on the first page */
    public record Request(int number, String pageToken) {}

    public record Answer(int status, String body) {}

    public BrokenAmazon(Function<Request, Answer> script) {
        this.script = script;
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.setExecutor(Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "broken-amazon");
                thread.setDaemon(true);
                return thread;
            }));
            server.createContext("/", this::answer);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public int requests() {
        return requests.get();
    }

    public void script(Function<Request, Answer> next) {
        script = next;
    }

    public static Answer page(String nextToken, String... orders) {
        String pagination = nextToken.isEmpty() ? "" : ",\"pagination\":{\"nextToken\":\"" + nextToken + "\"}";
        return new Answer(200, "{\"orders\":[" + String.join(",", orders) + "]" + pagination + "}");
    }

    public static String order(String id, String updated) {
        return """
                {"orderId":"%s","createdTime":"%s","lastUpdatedTime":"%s","salesChannel":{"channelName":"AMAZON",
                 "marketplaceId":"A1PA6795UKMFR9"},"fulfillment":{"fulfillmentStatus":"SHIPPED","fulfilledBy":"AMAZON"},
                 "orderItems":[{"orderItemId":"1","quantityOrdered":1,"product":{"sellerSku":"S"}}]}"""
                .formatted(id, updated, updated);
    }

    public static Answer denied(String details) {
        return new Answer(
                403,
                """
                {"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":"%s"}]}
                """
                        .formatted(details));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> query = Arrays.stream(
                        String.valueOf(exchange.getRequestURI().getRawQuery()).split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        Answer answer =
                script.apply(new Request(requests.incrementAndGet(), query.getOrDefault("paginationToken", "")));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
