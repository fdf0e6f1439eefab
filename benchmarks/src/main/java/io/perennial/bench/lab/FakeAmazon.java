package io.perennial.bench.lab;

import io.perennial.launcher.process.LoopbackPort;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Token endpoint and Sellers API for benchmarks: every code and every refresh token is good. Answers have the size of
 * Amazon's and take as long as they are told to; the same ones for every arm.
 */
public final class FakeAmazon {
    /** What the Sellers API says about every store. */
    public static final String STORE = "Alder & Finch";

    public static final String MARKETPLACE = "A1PA6795UKMFR9";

    /** Amazon's tokens have about this many characters. */
    private static final int TOKEN_LENGTH = 360;

    private static final String PARTICIPATIONS = "{\"payload\":[{\"marketplace\":{\"id\":\"" + MARKETPLACE
            + "\",\"name\":\"Amazon.de\",\"countryCode\":\"DE\",\"defaultCurrencyCode\":\"EUR\","
            + "\"defaultLanguageCode\":\"de_DE\",\"domainName\":\"www.amazon.de\"},\"participation\":"
            + "{\"isParticipating\":true,\"hasSuspendedListings\":false},\"storeName\":\"" + STORE + "\"}]}";

    private final Vertx vertx;
    private final int port;
    private final AtomicLong serial = new AtomicLong();
    private final LongAdder exchanges = new LongAdder();
    private final LongAdder refreshes = new LongAdder();
    private final Map<String, LongAdder> byToken = new ConcurrentHashMap<>();
    private volatile long latencyMillis;
    private volatile boolean tellingApart;

    private FakeAmazon(Vertx vertx, int port) {
        this.vertx = vertx;
        this.port = port;
    }

    static FakeAmazon start(Vertx vertx) {
        FakeAmazon amazon = new FakeAmazon(vertx, LoopbackPort.free());
        vertx.createHttpServer()
                .requestHandler(amazon::answer)
                .listen(amazon.port, LoopbackPort.HOST)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return amazon;
    }

    public String url() {
        return "http://" + LoopbackPort.HOST + ":" + port;
    }

    public String tokenEndpoint() {
        return url() + "/auth/o2/token";
    }

    /** How long each answer takes from now on. */
    public void takes(long millis) {
        latencyMillis = millis;
    }

    /** Codes that were exchanged. */
    public long exchanges() {
        return exchanges.sum();
    }

    /** Refresh tokens that were used, each time counted. */
    public long refreshes() {
        return refreshes.sum();
    }

    /** From now on remembers each refresh token that is used; what it remembered before is forgotten. */
    public void tellApart(boolean on) {
        byToken.clear();
        tellingApart = on;
    }

    /** How often each refresh token was used since {@link #tellApart}. */
    public Map<String, Long> usesByToken() {
        Map<String, Long> uses = new ConcurrentHashMap<>();
        byToken.forEach((token, count) -> uses.put(token, count.sum()));
        return uses;
    }

    /** A token of the size of Amazon's that begins with this. */
    public static String token(String begin) {
        return begin + "x".repeat(Math.max(0, TOKEN_LENGTH - begin.length()));
    }

    private void answer(HttpServerRequest request) {
        if (request.path().startsWith("/sellers/")) {
            later(() -> json(request.response(), Buffer.buffer(PARTICIPATIONS)));
            return;
        }
        request.bodyHandler(body -> {
            String form = body.toString(StandardCharsets.US_ASCII);
            boolean exchange = form.contains("grant_type=authorization_code");
            (exchange ? exchanges : refreshes).increment();
            String refreshToken = exchange ? token("Atzr|" + serial.incrementAndGet()) : field(form);
            if (tellingApart && !exchange) {
                byToken.computeIfAbsent(refreshToken, token -> new LongAdder()).increment();
            }
            Buffer answer = Buffer.buffer("{\"access_token\":\"" + token("Atza|" + serial.incrementAndGet())
                    + "\",\"refresh_token\":\"" + refreshToken
                    + "\",\"token_type\":\"bearer\",\"expires_in\":3600}");
            later(() -> json(request.response(), answer));
        });
    }

    private static String field(String form) {
        for (String pair : form.split("&", -1)) {
            if (pair.startsWith("refresh_token=")) {
                return URLDecoder.decode(pair.substring("refresh_token=".length()), StandardCharsets.UTF_8);
            }
        }
        throw new IllegalStateException("a refresh without a token");
    }

    private void later(Runnable work) {
        long latency = latencyMillis;
        if (latency == 0) {
            work.run();
        } else {
            vertx.setTimer(latency, timer -> work.run());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private static void json(HttpServerResponse response, Buffer body) {
        response.putHeader("content-type", "application/json;charset=UTF-8").end(body);
    }
}
