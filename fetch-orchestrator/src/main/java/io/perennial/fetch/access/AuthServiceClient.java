package io.perennial.fetch.access;

import io.perennial.secret.AccessToken;
import io.perennial.service.ServiceTokens;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Calls auth-service. */
@ApplicationScoped
class AuthServiceClient {
    private static final Logger LOG = Logger.getLogger(AuthServiceClient.class);
    private static final String UNAVAILABLE = "AUTH_SERVICE_UNAVAILABLE";

    private final WebClient http;
    private final ServiceTokens tokens;
    private final AuthConfig config;

    AuthServiceClient(Vertx vertx, ServiceTokens tokens, AuthConfig config) {
        this.http = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setConnectTimeout(5000)
                        .setFollowRedirects(false)
                        .setMaxPoolSize(32));
        this.tokens = tokens;
        this.config = config;
    }

    Uni<AccessAnswer> accessToken(UUID connection) {
        return post("/api/connections/" + connection + "/access-token")
                .map(AuthServiceClient::answer)
                .onFailure()
                .recoverWithItem(AuthServiceClient::unreachable);
    }

    /** Whether Amazon still honours the grant; false too if nobody could say so. */
    Uni<Boolean> probe(UUID connection) {
        return post("/api/connections/" + connection + "/probe")
                .map(AuthServiceClient::alive)
                .onFailure()
                .invoke(failure -> LOG.warnf("Probe of %s came to nothing: %s", connection, kind(failure)))
                .onFailure()
                .recoverWithItem(false);
    }

    private static boolean alive(HttpResponse<Buffer> response) {
        JsonObject body = response.statusCode() == 200 ? response.bodyAsJsonObject() : null;
        return body != null && "ALIVE".equals(body.getString("result"));
    }

    /** What auth-service answers; fails if it does not. */
    Uni<HttpResponse<Buffer>> get(String path) {
        String base = config.url().toString().replaceAll("/$", "");
        return tokens.bearer().chain(bearer -> http.getAbs(base + path)
                .bearerTokenAuthentication(bearer)
                .timeout(config.timeout().toMillis())
                .send());
    }

    private Uni<HttpResponse<Buffer>> post(String path) {
        String base = config.url().toString().replaceAll("/$", "");
        return tokens.bearer().chain(bearer -> http.postAbs(base + path)
                .bearerTokenAuthentication(bearer)
                .timeout(config.timeout().toMillis())
                .send());
    }

    private static AccessAnswer answer(HttpResponse<Buffer> response) {
        try {
            JsonObject body = response.bodyAsJsonObject();
            if (body == null) {
                return new AccessAnswer.Unavailable(UNAVAILABLE);
            }
            return response.statusCode() == 200 ? granted(body) : refused(response.statusCode(), body);
        } catch (DecodeException | ClassCastException | DateTimeException | IllegalArgumentException e) {
            LOG.warnf("auth-service answered %d with an unreadable body", response.statusCode());
            return new AccessAnswer.Unavailable(UNAVAILABLE);
        }
    }

    private static AccessAnswer granted(JsonObject body) {
        return new AccessAnswer.Granted(
                new AccessToken(required(body, "accessToken")),
                Instant.parse(required(body, "expiresAt")),
                required(body, "appId"),
                required(body, "accountId"),
                required(body, "region"),
                URI.create(required(body, "apiEndpoint")),
                body.getString("clientId"));
    }

    private static AccessAnswer refused(int status, JsonObject body) {
        String code = body.getString("code", UNAVAILABLE);
        if (status == 409) {
            return new AccessAnswer.Denied(code);
        }
        if (status == 404) {
            return new AccessAnswer.Denied("CONNECTION_UNKNOWN");
        }
        return new AccessAnswer.Unavailable(status == 503 ? code : UNAVAILABLE);
    }

    private static String required(JsonObject body, String field) {
        String value = body.getString(field);
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }

    private static AccessAnswer unreachable(Throwable failure) {
        LOG.warnf("auth-service could not be asked for an access token: %s", kind(failure));
        return new AccessAnswer.Unavailable(UNAVAILABLE);
    }

    private static String kind(Throwable failure) {
        return failure.getClass().getSimpleName();
    }
}
