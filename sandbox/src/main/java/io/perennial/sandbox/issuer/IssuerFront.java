package io.perennial.sandbox.issuer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import kotlin.jvm.functions.Function1;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.OAuth2HttpServer;
import no.nav.security.mock.oauth2.http.Ssl;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves the issuer with the JDK's HTTP server and puts the demo users' login page in front of it: the page posts a user name,
 * the claims of that user are filled in on this side.
 */
final class IssuerFront implements OAuth2HttpServer {

    private static final Logger LOG = Logger.getLogger(IssuerFront.class);
    private static final String AUTHORIZE = "/" + PerennialTokens.ISSUER_ID + "/authorize";

    private final ObjectMapper json;
    private final String loginPage;
    private final ExecutorService threads = Executors.newFixedThreadPool(4, IssuerFront::thread);
    private @Nullable HttpServer server;

    IssuerFront(ObjectMapper json, String loginPage) {
        this.json = json;
        this.loginPage = loginPage;
    }

    @Override
    public OAuth2HttpServer start(Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> handler) {
        return start(0, handler);
    }

    @Override
    public OAuth2HttpServer start(int port, Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> handler) {
        return start(InetAddress.getLoopbackAddress(), port, handler);
    }

    @Override
    public OAuth2HttpServer start(
            InetAddress address, int port, Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> handler) {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(address, port), 0);
            started.createContext("/", exchange -> handle(exchange, handler));
            started.setExecutor(threads);
            started.start();
            server = started;
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("the OIDC issuer can not listen on " + address + ":" + port, e);
        }
    }

    private void handle(HttpExchange exchange, Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> handler)
            throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean login = exchange.getRequestURI().getPath().equals(AUTHORIZE);
            if (login && exchange.getRequestMethod().equals("GET")) {
                answer(exchange, 200, loginPage);
                return;
            }
            if (login) {
                Optional<DemoUser> user = DemoUser.named(username(body));
                if (user.isEmpty()) {
                    answer(exchange, 200, loginPage);
                    return;
                }
                body = signedIn(user.get());
            }
            answer(exchange, handler.invoke(request(exchange, body)));
        } catch (RuntimeException e) {
            LOG.warn("the OIDC issuer could not answer", e);
            throw e;
        }
    }

    private static OAuth2HttpRequest request(HttpExchange exchange, String body) {
        Headers.Builder headers = new Headers.Builder();
        exchange.getRequestHeaders()
                .forEach((name, values) -> values.forEach(value -> headers.addUnsafeNonAscii(name, value)));
        String host = exchange.getRequestHeaders().getFirst("Host");
        HttpUrl url = HttpUrl.get("http://" + host + exchange.getRequestURI());
        return new OAuth2HttpRequest(headers.build(), exchange.getRequestMethod(), url, body);
    }

    private static void answer(HttpExchange exchange, OAuth2HttpResponse response) throws IOException {
        response.getHeaders()
                .forEach(header -> exchange.getResponseHeaders().add(header.getFirst(), header.getSecond()));
        byte[] content = response.getBytesBody();
        if (content == null) {
            content = Objects.requireNonNullElse(response.getBody(), "").getBytes(StandardCharsets.UTF_8);
        }
        send(exchange, response.getStatus(), content);
    }

    private static void answer(HttpExchange exchange, int status, String html) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
        exchange.getResponseHeaders().add("Cache-Control", "no-store");
        send(exchange, status, html.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        if (content.length > 0) {
            exchange.getResponseBody().write(content);
        }
    }

    private static String username(String form) {
        HttpUrl parsed = HttpUrl.get("http://form/?" + form);
        return Objects.requireNonNullElse(parsed.queryParameter("username"), "");
    }

    private String signedIn(DemoUser user) {
        try {
            return "username=" + encode(user.username()) + "&claims=" + encode(json.writeValueAsString(user.claims()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("claims of " + user.username() + " can not be written", e);
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "issuer");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public OAuth2HttpServer stop() {
        if (server != null) {
            server.stop(0);
        }
        threads.shutdown();
        return this;
    }

    @Override
    public void close() {
        stop();
    }

    @Override
    public int port() {
        return Objects.requireNonNull(server, "the issuer is not started")
                .getAddress()
                .getPort();
    }

    @Override
    public HttpUrl url(String path) {
        return Objects.requireNonNull(
                HttpUrl.get("http://127.0.0.1:" + port() + "/").resolve(path));
    }

    @Override
    public @Nullable Ssl sslConfig() {
        return null;
    }
}
