package io.perennial.auth.authorization;

import io.perennial.auth.authorization.ConsentStart.Departure;
import io.perennial.auth.authorization.page.BrowserCookie;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.authorization.page.Visitor;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.contracts.ConnectionStatus;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /connect/result/{attempt}}: what became of an attempt, for the browser that started it and no other. */
@Path("/connect/result/{attempt}")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class ResultResource {
    private final AuthorizationRequests requests;
    private final CandidateDecision decision;
    private final NextInLink nextInLink;
    private final ConsentStart start;
    private final Connections connections;
    private final BrowserCookie cookie;
    private final ResultPages results;
    private final PageResponses responses;

    ResultResource(
            AuthorizationRequests requests,
            CandidateDecision decision,
            NextInLink nextInLink,
            ConsentStart start,
            Connections connections,
            BrowserCookie cookie,
            ResultPages results,
            PageResponses responses) {
        this.requests = requests;
        this.decision = decision;
        this.nextInLink = nextInLink;
        this.start = start;
        this.connections = connections;
        this.cookie = cookie;
        this.results = results;
        this.responses = responses;
    }

    @GET
    public Uni<Response> show(UUID attempt, @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        return ofVisitor(attempt, visitor, found -> results.result(found, Objects.requireNonNull(visitor.browser())));
    }

    /** The merchant's answer to "Is this the right store?". */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> answer(
            UUID attempt,
            @FormParam("answer") @Nullable String answer,
            @FormParam("form") @Nullable String formToken,
            @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        return ofVisitor(attempt, visitor, found -> {
            if (!visitor.sent(ResultPages.form(found), formToken)) {
                return forged(visitor, found);
            }
            return decide(found, "yes".equals(answer), "no".equals(answer))
                    .replaceWith(() -> responses.onward(ResultPages.arrival(found), Referrer.NONE));
        });
    }

    private Uni<Void> decide(Attempt attempt, boolean yes, boolean no) {
        if (attempt.status() != AuthorizationStatus.AWAITING_CONFIRMATION || yes == no) {
            return Uni.createFrom().voidItem();
        }
        return yes ? decision.confirm(attempt) : decision.decline(attempt);
    }

    /** Sets out again after an attempt that failed. */
    @POST
    @Path("retry")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> retry(
            UUID attempt,
            @FormParam("answer") @Nullable String answer,
            @FormParam("form") @Nullable String formToken,
            @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        return ofVisitor(
                attempt,
                visitor,
                found -> visitor.sent(ResultPages.form(found), formToken)
                        ? again(found, answer, visitor)
                        : forged(visitor, found));
    }

    private Uni<Response> again(Attempt attempt, @Nullable String answer, Visitor visitor) {
        if (ResultPages.OTHER.equals(answer)) {
            return results.rightfulHolder(attempt).chain(holder -> depart(attempt, holder, visitor));
        }
        if (ResultPages.NEXT.equals(answer)) {
            return nextInLink.after(attempt).chain(next -> depart(attempt, next, visitor));
        }
        return connections
                .get(attempt.connectionId())
                .chain(connection -> connection.generation() == attempt.generation()
                        ? depart(attempt, connection, visitor)
                        : depart(attempt, null, visitor));
    }

    private Uni<Response> depart(Attempt attempt, @Nullable ConnectionView connection, Visitor visitor) {
        if (connection == null || connection.state() == ConnectionStatus.DISCONNECTED) {
            return Uni.createFrom().item(responses.onward(ResultPages.arrival(attempt), Referrer.NONE));
        }
        Language language = Language.ofTag(attempt.locale());
        return start.start(
                new Departure(connection, attempt.linkId(), Objects.requireNonNull(visitor.browser()), language));
    }

    private Uni<Response> ofVisitor(UUID id, Visitor visitor, Function<Attempt, Uni<Response>> work) {
        return requests.find(id).chain(attempt -> {
            if (attempt == null || !visitor.is(attempt.browserHash()) || !ResultPages.shows(attempt)) {
                Language language = visitor.language(null);
                Texts texts = language.texts();
                return responses.plain(404, language, texts.unknownLinkTitle(), texts.otherBrowserText());
            }
            return work.apply(attempt);
        });
    }

    private Uni<Response> forged(Visitor visitor, Attempt attempt) {
        Language language = visitor.language(attempt.locale());
        Texts texts = language.texts();
        return responses.plain(403, language, texts.refusedTitle(), texts.forgedText());
    }
}
