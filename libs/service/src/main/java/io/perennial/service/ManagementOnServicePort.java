package io.perennial.service;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.WebClient;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * In the sandbox {@code /q/*} answers on the service's own port too, by passing the request on to the management port.
 * In production nothing is registered, and the service's port answers 404.
 */
@Singleton
class ManagementOnServicePort {
    private final Mode mode;
    private final Vertx vertx;
    private final String host;
    private final int port;

    ManagementOnServicePort(
            Mode mode,
            Vertx vertx,
            @ConfigProperty(name = "quarkus.management.host", defaultValue = "127.0.0.1") String host,
            @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int port) {
        this.mode = mode;
        this.vertx = vertx;
        this.host = host.equals("0.0.0.0") ? "127.0.0.1" : host;
        this.port = port;
    }

    void register(@Observes Router router) {
        if (mode == Mode.SANDBOX) {
            WebClient client = WebClient.create(vertx);
            router.get("/q/*").order(-1).handler(request -> passOn(client, request));
        }
    }

    private void passOn(WebClient client, RoutingContext request) {
        HttpServerResponse response = request.response();
        client.get(port, host, request.request().uri())
                .putHeader(
                        "accept",
                        Optional.ofNullable(request.request().getHeader("accept"))
                                .orElse("*/*"))
                .send()
                .onSuccess(answer -> {
                    response.setStatusCode(answer.statusCode());
                    Optional.ofNullable(answer.getHeader("content-type"))
                            .ifPresent(type -> response.putHeader("content-type", type));
                    response.end(answer.body() == null ? Buffer.buffer() : answer.body());
                })
                .onFailure(e -> response.setStatusCode(503).end());
    }
}
