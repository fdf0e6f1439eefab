package io.perennial.bench.control;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Calls the token endpoint by the same client that auth-service uses. */
@ApplicationScoped
class TokenEndpoint {
    private static final int CONNECTIONS = 256;

    private final HttpClient client;
    private final String address;

    TokenEndpoint(Vertx vertx, @ConfigProperty(name = "control.token-endpoint") String address) {
        this.client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(CONNECTIONS));
        this.address = address;
    }

    /** What was issued. */
    record Tokens(String access, String refresh) {}

    Uni<Tokens> exchange(String code, String redirect) {
        return ask("grant_type=authorization_code&code=" + encode(code) + "&redirect_uri=" + encode(redirect));
    }

    Uni<Tokens> refresh(String token) {
        return ask("grant_type=refresh_token&refresh_token=" + encode(token));
    }

    private Uni<Tokens> ask(String form) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(address)
                .putHeader("content-type", "application/x-www-form-urlencoded;charset=UTF-8")
                .putHeader("accept", "application/json");
        Buffer body = Buffer.buffer(form + "&client_id=control&client_secret=control");
        return UniHelper.toUni(client.request(options)
                        .compose(request -> request.send(body))
                        .compose(HttpClientResponse::body))
                .map(JsonObject::new)
                .map(json -> new Tokens(json.getString("access_token"), json.getString("refresh_token")));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
