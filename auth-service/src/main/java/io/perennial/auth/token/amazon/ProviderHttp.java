package io.perennial.auth.token.amazon;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** HTTP to the provider: no redirects, no decompression, an answer of bounded size within a bounded time. */
@ApplicationScoped
class ProviderHttp {
    private static final String USER_AGENT = "Perennial/0.1 (Language=Java)";
    private static final int CONNECTIONS = 32;

    private final WebClient client;
    private final LwaConfig config;

    ProviderHttp(Vertx vertx, LwaConfig config) {
        this.config = config;
        this.client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setFollowRedirects(false)
                        .setDecompressionSupported(false)
                        .setUserAgent(USER_AGENT)
                        .setMaxPoolSize(CONNECTIONS)
                        .setConnectTimeout((int) config.timeout().toMillis()));
    }

    /** Status, media type and body of an answer. */
    record Answer(int status, String mediaType, Buffer body) {
        boolean json() {
            return mediaType.startsWith("application/json");
        }
    }

    Uni<Answer> post(String url, MultiMap form) {
        return UniHelper.toUni(client.postAbs(url)
                        .as(new BoundedBody(config.maxAnswer()))
                        .timeout(config.timeout().toMillis())
                        .putHeader("accept", "application/json")
                        .sendForm(form))
                .map(ProviderHttp::answer);
    }

    Uni<Answer> get(String url, String headerName, String headerValue) {
        return get(url, MultiMap.caseInsensitiveMultiMap().add(headerName, headerValue), config.maxAnswer());
    }

    Uni<Answer> get(String url, MultiMap headers, int maxAnswer) {
        return UniHelper.toUni(client.getAbs(url)
                        .as(new BoundedBody(maxAnswer))
                        .timeout(config.timeout().toMillis())
                        .putHeaders(headers)
                        .putHeader("accept", "application/json")
                        .send())
                .map(ProviderHttp::answer);
    }

    private static Answer answer(HttpResponse<Buffer> response) {
        @Nullable String mediaType = response.getHeader("content-type");
        @Nullable Buffer body = response.body();
        return new Answer(
                response.statusCode(), mediaType == null ? "" : mediaType, body == null ? Buffer.buffer() : body);
    }
}
