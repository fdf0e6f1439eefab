package io.perennial.auth.token.amazon;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * HTTP to the provider: no redirects, no decompression, an answer of bounded size within a bounded time, however slowly it
 * drips. A request is sent once.
 *
 * <p>Not the Web Client: it reads a body that broke its bound to the end, and its time-out begins anew with every byte.
 */
@ApplicationScoped
class ProviderHttp {
    private static final String USER_AGENT = "Perennial/0.1 (Language=Java)";
    private static final String FORM = "application/x-www-form-urlencoded;charset=UTF-8";

    /** A consent takes three answers, each of which may take a good part of a second. */
    private static final int CONNECTIONS = 128;

    private final HttpClient client;
    private final LwaConfig config;

    ProviderHttp(Vertx vertx, LwaConfig config) {
        this.config = config;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setDecompressionSupported(false)
                .setMaxPoolSize(CONNECTIONS)
                .setConnectTimeout((int) config.timeout().toMillis()));
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
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("content-type", FORM);
        String body = form.entries().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return ask(HttpMethod.POST, url, headers, Buffer.buffer(body), config.maxAnswer());
    }

    Uni<Answer> get(String url, String headerName, String headerValue) {
        return get(url, MultiMap.caseInsensitiveMultiMap().add(headerName, headerValue), config.maxAnswer());
    }

    Uni<Answer> get(String url, MultiMap headers, int maxAnswer) {
        return ask(HttpMethod.GET, url, headers, Buffer.buffer(), maxAnswer);
    }

    private Uni<Answer> ask(HttpMethod method, String url, MultiMap headers, Buffer body, int maxAnswer) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(url)
                .setFollowRedirects(false)
                .setHeaders(headers)
                .putHeader("accept", "application/json")
                .putHeader("user-agent", USER_AGENT);
        BoundedAnswer answer = new BoundedAnswer(maxAnswer);
        return UniHelper.toUni(client.request(options).compose(request -> answer.send(request, body)))
                .ifNoItem()
                .after(config.timeout())
                .fail()
                .onFailure()
                .invoke(answer::abandon);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
