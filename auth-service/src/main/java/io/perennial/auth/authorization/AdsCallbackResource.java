package io.perennial.auth.authorization;

import io.perennial.contracts.Provider;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * {@code /oauth/ads/callback}: where Login with Amazon sends the merchant back for advertising. An address of its own, so
 * that an answer can not be mistaken for the other provider's.
 */
@Path("/oauth/ads/callback")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class AdsCallbackResource {
    private final Callbacks callbacks;

    AdsCallbackResource(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    @GET
    public Uni<Response> callback(@Context HttpServerRequest request, @Context HttpHeaders headers) {
        return callbacks.receive(provider -> provider == Provider.AMAZON_ADS, request, headers);
    }

    @HEAD
    public Response head() {
        return Callbacks.notAllowed();
    }

    @OPTIONS
    public Response options() {
        return Callbacks.notAllowed();
    }
}
