package io.perennial.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Answers searchOrders as nobody should: what a test makes of the number of the request and its page token. */
public final class BrokenAmazon implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger hangUps = new AtomicInteger();
    private final List<String> pageTokens = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Function<Request, Answer> script;

    /** @param pageToken empty on the first page */
    public record Request(int number, String method, String path, String pageToken) {}

    /**
     * @param packed whether the body goes out as gzip
     * @param endless whether a byte follows now and then until the client hangs up or the test ends
     */
    public record Answer(int status, String body, boolean packed, boolean endless) {
        public Answer(int status, String body, boolean packed) {
            this(status, body, packed, false);
        }

        public Answer(int status, String body) {
            this(status, body, false);
        }

        public static Answer dripping() {
            return new Answer(200, "[", false, true);
        }
    }

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
            server.createContext("/notifications/", this::subscription);
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

    /** Clients that closed their connection while an answer dripped. */
    public int hangUps() {
        return hangUps.get();
    }

    /** Of all requests so far, empty for first pages. */
    public List<String> pageTokens() {
        return List.copyOf(pageTokens);
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
        closed.countDown();
        server.stop(0);
    }

    /** Nobody has subscribed to anything. */
    private void subscription(HttpExchange exchange) throws IOException {
        send(exchange, new Answer(404, "{\"errors\":[{\"code\":\"NotFound\",\"message\":\"none\"}]}"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> query = Arrays.stream(
                        String.valueOf(exchange.getRequestURI().getRawQuery()).split("&"))
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        String pageToken = query.getOrDefault("paginationToken", "");
        pageTokens.add(pageToken);
        Answer answer = script.apply(new Request(
                requests.incrementAndGet(),
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                pageToken));
        if (answer.endless()) {
            drip(exchange, answer);
        } else {
            send(exchange, answer);
        }
    }

    private void drip(HttpExchange exchange, Answer answer) throws IOException {
        exchange.sendResponseHeaders(answer.status(), 0);
        byte[] drop = answer.body().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            do {
                exchange.getResponseBody().write(drop);
                exchange.getResponseBody().flush();
            } while (!closed.await(200, TimeUnit.MILLISECONDS));
        } catch (IOException hungUp) {
            hangUps.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        if (answer.packed()) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            body = packed(body);
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static byte[] packed(byte[] body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body);
        }
        return packed.toByteArray();
    }
}
