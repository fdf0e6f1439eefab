package io.perennial.console.web;

import io.perennial.clock.DomainClock;
import io.perennial.problem.ProblemException;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Failures as pages instead of the problems that programs get; who is not signed in is sent to the issuer. */
class ErrorPages {
    private static final Logger LOG = Logger.getLogger(ErrorPages.class);
    private static final int BEFORE_THE_LIBRARY = 1;
    private static final Map<Integer, String> TITLES = Map.of(
            400, "That did not work",
            401, "You are not signed in",
            403, "You may not do that",
            404, "There is nothing here",
            405, "Please start again",
            413, "That is too much",
            500, "Something went wrong here");

    record Failure(Frame frame, int status, String title, String detail) implements TemplateInstance {}

    private final Assets assets;
    private final DomainClock clock;

    ErrorPages(Assets assets, DomainClock clock) {
        this.assets = assets;
        this.clock = clock;
    }

    @ServerExceptionMapper(priority = BEFORE_THE_LIBRARY)
    public Uni<Response> signIn(UnauthorizedException e, RoutingContext request) {
        HttpAuthenticator authenticator = request.get(HttpAuthenticator.class.getName());
        return authenticator.getChallenge(request).map(challenge -> {
            ResponseBuilder response = Response.status(challenge.status);
            if (challenge.headerName != null) {
                response.header(challenge.headerName.toString(), challenge.headerContent);
            }
            return response.build();
        });
    }

    @ServerExceptionMapper(priority = BEFORE_THE_LIBRARY)
    public Response signInFailed(AuthenticationFailedException e) {
        return page(401, "The sign-in could not be completed. Please try again.");
    }

    @ServerExceptionMapper(priority = BEFORE_THE_LIBRARY)
    public Response forbidden(ForbiddenException e) {
        return page(403, "Your role does not allow this. An administrator can change that.");
    }

    @ServerExceptionMapper(priority = BEFORE_THE_LIBRARY)
    public Response problem(ProblemException e) {
        return page(e.type().status(), String.valueOf(e.getMessage()));
    }

    @ServerExceptionMapper(priority = BEFORE_THE_LIBRARY)
    public Response httpError(WebApplicationException e) {
        Response response = e.getResponse();
        if (response.hasEntity() || response.getStatus() < 400) {
            return response;
        }
        return response.getStatus() < 500 ? page(response.getStatus(), null) : fault(e);
    }

    @ServerExceptionMapper(priority = BEFORE_THE_LIBRARY)
    public Response fault(Throwable e) {
        LOG.error("A page failed", e);
        return page(500, "The failure was recorded. Please try again in a moment.");
    }

    /** The fence against forged requests answers without a word; a page that was left open for days runs into it. */
    @ServerResponseFilter
    public void sayWhyAFormWasRefused(ContainerResponseContext response) {
        if (response.getStatus() == Response.Status.BAD_REQUEST.getStatusCode() && !response.hasEntity()) {
            String page =
                    html(400, "The form has become too old. Please go back, load the page again, and try once more.");
            response.setEntity(page, null, MediaType.TEXT_HTML_TYPE.withCharset("utf-8"));
        }
    }

    /** The page says nothing about who asks: it is also shown where nobody could be found out. */
    private Response page(int status, @Nullable String detail) {
        String text = detail == null ? "Perhaps the address is mistyped, or it belongs to somebody else." : detail;
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
                .entity(html(status, text))
                .build();
    }

    private String html(int status, String detail) {
        Frame frame = new Frame(null, false, false, "", assets.version(), clock.instant());
        String title = TITLES.getOrDefault(status, "That did not work");
        return new Failure(frame, status, title, detail).render();
    }
}
