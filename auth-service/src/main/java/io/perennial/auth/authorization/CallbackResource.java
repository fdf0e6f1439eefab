package io.perennial.auth.authorization;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.authorization.page.BrowserCookie;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.authorization.page.Visitor;
import io.perennial.auth.connection.request.NewConnection;
import io.perennial.clock.DomainClock;
import io.perennial.secret.AuthorizationCode;
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
import org.jboss.logging.Logger;

/**
 * {@code /oauth/amazon/callback}: where Amazon sends the merchant back with a code.
 *
 * <p>Nothing is asked or stored before the state, the browser and every parameter are right. Every answer that goes on is
 * a 303 to an address without the code.
 */
@Path("/oauth/amazon/callback")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class CallbackResource {
    private static final Logger LOG = Logger.getLogger(CallbackResource.class);

    private final AuthorizationRequests requests;
    private final CodeExchange exchange;
    private final BrowserCookie cookie;
    private final PageResponses responses;
    private final ResultPages results;
    private final DomainClock clock;
    private final MeterRegistry meters;

    CallbackResource(
            AuthorizationRequests requests,
            CodeExchange exchange,
            BrowserCookie cookie,
            PageResponses responses,
            ResultPages results,
            DomainClock clock,
            MeterRegistry meters) {
        this.requests = requests;
        this.exchange = exchange;
        this.cookie = cookie;
        this.responses = responses;
        this.results = results;
        this.clock = clock;
        this.meters = meters;
    }

    @GET
    public Uni<Response> callback(@Context HttpServerRequest request, @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        CallbackParameters parameters = CallbackParameters.read(request.query());
        if (parameters == null || !Randomness.wellFormed(parameters.get("state"))) {
            return refuse(visitor, "MALFORMED");
        }
        return requests.ofState(parameters.get("state"))
                .chain(attempt ->
                        attempt == null ? refuse(visitor, "UNKNOWN_STATE") : received(attempt, parameters, visitor));
    }

    /** Link previewers ask so; they must not spend a state. */
    @HEAD
    public Response head() {
        return notAllowed();
    }

    @OPTIONS
    public Response options() {
        return notAllowed();
    }

    private static Response notAllowed() {
        return Response.status(Response.Status.METHOD_NOT_ALLOWED)
                .header(HttpHeaders.ALLOW, "GET")
                .build();
    }

    private Uni<Response> received(Attempt attempt, CallbackParameters parameters, Visitor visitor) {
        if (!visitor.is(attempt.browserHash())) {
            return foreign(attempt, visitor);
        }
        if (attempt.status() != AuthorizationStatus.STARTED) {
            return used(attempt);
        }
        if (!clock.instant().isBefore(attempt.expiresAt())) {
            return refuse(visitor, "EXPIRED_STATE");
        }
        boolean denied = parameters.has("error");
        boolean answered = parameters.has("spapi_oauth_code");
        if (denied == answered) {
            return refuse(visitor, "MALFORMED");
        }
        if (denied) {
            count("DENIED");
            return requests.close(attempt, AuthorizationStatus.DENIED, AuditKind.AUTHORIZATION_DENIED, null)
                    .replaceWith(() -> onward(attempt));
        }
        String account = parameters.get("selling_partner_id");
        String code = parameters.get("spapi_oauth_code");
        if (!NewConnection.ACCOUNT_ID.matcher(account).matches() || code.isBlank()) {
            return refuse(visitor, "MALFORMED");
        }
        return exchange.redeem(attempt, account, new AuthorizationCode(code)).chain(redeemed -> {
            count(redeemed ? "RECEIVED" : "REUSED_STATE");
            return redeemed ? Uni.createFrom().item(onward(attempt)) : used(attempt);
        });
    }

    private Uni<Response> foreign(Attempt attempt, Visitor visitor) {
        count("FOREIGN_BROWSER");
        LOG.warnf(
                "Callback from a browser that did not start the authorization: connection %s", attempt.connectionId());
        Language language = visitor.language(attempt.locale());
        Texts texts = language.texts();
        return requests.note(AuditKind.FOREIGN_BROWSER_REFUSED, attempt)
                .chain(() -> responses.plain(403, language, texts.refusedTitle(), texts.otherBrowserText()));
    }

    private Uni<Response> used(Attempt attempt) {
        count("REUSED_STATE");
        return results.used(attempt);
    }

    private Uni<Response> refuse(Visitor visitor, String reason) {
        count(reason);
        Language language = visitor.language(null);
        Texts texts = language.texts();
        return responses.plain(400, language, texts.refusedTitle(), texts.unknownStateText());
    }

    private Response onward(Attempt attempt) {
        return responses.onward(ResultPages.address(attempt), Referrer.NONE);
    }

    private void count(String result) {
        meters.counter("perennial.callbacks", "result", result).increment();
    }
}
