package io.perennial.console.remote;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sends requests to the services. */
@Singleton
class ServiceClient {
    private static final Logger LOG = Logger.getLogger(ServiceClient.class);
    private static final int MAX_ANSWER = 4 * 1024 * 1024;

    private final WebClient client;
    private final Map<Service, URI> addresses;
    private final Duration timeout;

    ServiceClient(
            Vertx vertx,
            ServicesConfig.Auth auth,
            ServicesConfig.Fetch fetch,
            ServicesConfig.Notifier notifier,
            ServicesConfig.Calls calls) {
        this.client = WebClient.create(
                vertx, new WebClientOptions().setFollowRedirects(false).setConnectTimeout(2_000));
        this.addresses = Map.of(Service.AUTH, auth.url(), Service.FETCH, fetch.url(), Service.NOTIFIER, notifier.url());
        this.timeout = calls.timeout();
    }

    Uni<Answer> get(Service service, String path, Map<String, String> query, String bearer) {
        HttpRequest<Buffer> request = request(service, HttpMethod.GET, path, bearer);
        query.forEach(request::addQueryParam);
        return answer(service, request.send());
    }

    /** A creating POST; the same key twice makes one thing. */
    Uni<Answer> post(Service service, String path, JsonObject body, UUID idempotencyKey, String bearer) {
        return answer(
                service,
                request(service, HttpMethod.POST, path, bearer)
                        .putHeader("Idempotency-Key", idempotencyKey.toString())
                        .sendJsonObject(body));
    }

    Uni<Answer> put(Service service, String path, JsonObject body, String bearer) {
        return answer(service, request(service, HttpMethod.PUT, path, bearer).sendJsonObject(body));
    }

    Uni<Answer> patch(Service service, String path, JsonObject body, String bearer) {
        return answer(service, request(service, HttpMethod.PATCH, path, bearer).sendJsonObject(body));
    }

    Uni<Answer> delete(Service service, String path, String bearer) {
        return answer(service, request(service, HttpMethod.DELETE, path, bearer).send());
    }

    private HttpRequest<Buffer> request(Service service, HttpMethod method, String path, String bearer) {
        return client.requestAbs(
                        method,
                        Objects.requireNonNull(addresses.get(service))
                                .resolve(path)
                                .toString())
                .timeout(timeout.toMillis())
                .putHeader("Accept", "application/json, application/problem+json")
                .bearerTokenAuthentication(bearer);
    }

    private static Uni<Answer> answer(Service service, Uni<HttpResponse<Buffer>> sent) {
        return sent.map(response -> read(service, response)).onFailure().recoverWithItem(failure -> {
            LOG.warnf("A service does not answer: service=%s reason=%s", service.title(), failure);
            return new Answer.Silent(service);
        });
    }

    private static Answer read(Service service, HttpResponse<Buffer> response) {
        JsonObject body = json(response.body());
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return body == null && status != 204 && status != 202
                    ? new Answer.Silent(service)
                    : new Answer.Done(body == null ? new JsonObject() : body);
        }
        if (body == null || !body.containsKey("code")) {
            return new Answer.Silent(service);
        }
        return new Answer.Refused(
                status, body.getString("code", "HTTP_" + status), body.getString("detail", ""), errors(body));
    }

    private static @Nullable JsonObject json(@Nullable Buffer body) {
        if (body == null || body.length() == 0 || body.length() > MAX_ANSWER) {
            return null;
        }
        try {
            return body.toJsonObject();
        } catch (DecodeException e) {
            return null;
        }
    }

    private static List<Answer.FieldError> errors(JsonObject problem) {
        JsonArray errors = problem.getJsonArray("errors", new JsonArray());
        return IntStream.range(0, errors.size())
                .mapToObj(errors::getJsonObject)
                .map(error -> new Answer.FieldError(error.getString("field", ""), error.getString("message", "")))
                .toList();
    }
}
