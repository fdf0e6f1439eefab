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
import io.perennial.auth.connection.Connections;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.Provider;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Receives the answers of the providers.
 *
 * <p>Nothing is asked or stored before the state, the browser, the way and every parameter are right. Every answer that
 * goes on is a 303 to an address without the code.
 */
@ApplicationScoped
class Callbacks {
    private static final Logger LOG = Logger.getLogger(Callbacks.class);

    private final AuthorizationRequests requests;
    private final ProviderConsents providers;
    private final Connections connections;
    private final CodeExchange exchange;
    private final NewcomerJourney newcomers;
    private final StatelessCallback stateless;
    private final BrowserCookie cookie;
    private final PageResponses responses;
    private final ResultPages results;
    private final DomainClock clock;
    private final MeterRegistry meters;

    Callbacks(
            AuthorizationRequests requests,
            ProviderConsents providers,
            Connections connections,
            CodeExchange exchange,
            NewcomerJourney newcomers,
            StatelessCallback stateless,
            BrowserCookie cookie,
            PageResponses responses,
            ResultPages results,
            DomainClock clock,
            MeterRegistry meters) {
        this.requests = requests;
        this.providers = providers;
        this.connections = connections;
        this.exchange = exchange;
        this.newcomers = newcomers;
        this.stateless = stateless;
        this.cookie = cookie;
        this.responses = responses;
        this.results = results;
        this.clock = clock;
        this.meters = meters;
    }

    /** An answer that came to the address of a provider. */
    Uni<Response> receive(Predicate<Provider> own, HttpServerRequest request, HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        CallbackParameters parameters = CallbackParameters.read(request.query());
        if (own.test(Provider.AMAZON_SELLER) && parameters != null && StatelessCallback.fits(parameters)) {
            count("NO_STATE");
            return stateless.offer(parameters, visitor);
        }
        if (parameters == null || !Randomness.wellFormed(parameters.get("state"))) {
            return refuse(visitor, "MALFORMED");
        }
        return requests.ofState(parameters.get("state"))
                .chain(attempt -> attempt == null
                        ? newcomer(own, parameters, visitor)
                        : own.test(attempt.provider())
                                ? received(attempt, parameters, visitor)
                                : refuse(attempt, visitor, "FOREIGN_PROVIDER"));
    }

    private Uni<Response> newcomer(Predicate<Provider> own, CallbackParameters parameters, Visitor visitor) {
        Uni<@Nullable Response> answer = own.test(Provider.AMAZON_SELLER)
                ? newcomers.received(parameters, visitor)
                : Uni.createFrom().nullItem();
        return answer.chain(page -> page == null
                ? refuse(visitor, "UNKNOWN_STATE")
                : Uni.createFrom().item(page).invoke(() -> count(newcomers(page))));
    }

    private static String newcomers(Response page) {
        return switch (page.getStatus()) {
            case 403 -> "FOREIGN_BROWSER";
            case 409 -> "REUSED_STATE";
            default -> "NEWCOMER";
        };
    }

    /** Link previewers ask otherwise than by GET; they must not spend a state. */
    static Response notAllowed() {
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
            return refuse(attempt, visitor, "EXPIRED_STATE");
        }
        boolean denied = parameters.has("error");
        ProviderConsent provider = providers.of(attempt.provider());
        boolean answered = parameters.has(provider.codeParameter());
        if (denied == answered) {
            return refuse(attempt, visitor, "MALFORMED");
        }
        if (denied) {
            count("DENIED");
            return requests.close(attempt, AuthorizationStatus.DENIED, AuditKind.AUTHORIZATION_DENIED, null)
                    .replaceWith(() -> onward(attempt));
        }
        CallbackAnswer answer = provider.read(
                parameters, new Ticket(Objects.requireNonNull(visitor.browser()), parameters.get("state")));
        if (answer == null) {
            return refuse(attempt, visitor, "MALFORMED");
        }
        return ofOwnAccount(attempt, answer)
                .chain(own -> own ? redeem(attempt, answer) : refuse(attempt, visitor, "FOREIGN_ACCOUNT"));
    }

    /** At the login address Amazon names the account: another one has no business here, as with those whom nobody knows. */
    private Uni<Boolean> ofOwnAccount(Attempt attempt, CallbackAnswer answer) {
        return attempt.linkId() != null
                ? Uni.createFrom().item(true)
                : connections
                        .get(attempt.connectionId())
                        .map(connection -> Objects.equals(connection.requiredAccountId(), answer.account()));
    }

    private Uni<Response> redeem(Attempt attempt, CallbackAnswer answer) {
        return exchange.redeem(attempt, answer).chain(redeemed -> {
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
        return requests.note(AuditKind.FOREIGN_BROWSER_REFUSED, attempt, null)
                .chain(() -> responses.plain(403, language, texts.refusedTitle(), texts.otherBrowserText()));
    }

    private Uni<Response> used(Attempt attempt) {
        count("REUSED_STATE");
        if (attempt.linkId() != null) {
            return results.used(attempt);
        }
        Language language = Language.ofTag(attempt.locale());
        Texts texts = language.texts();
        return responses.plain(409, language, texts.usedTitle(), texts.usedText());
    }

    private Uni<Response> refuse(Attempt attempt, Visitor visitor, String reason) {
        return requests.note(AuditKind.CALLBACK_REFUSED, attempt, reason).chain(() -> refuse(visitor, reason));
    }

    private Uni<Response> refuse(Visitor visitor, String reason) {
        count(reason);
        Language language = visitor.language(null);
        Texts texts = language.texts();
        return responses.plain(400, language, texts.refusedTitle(), texts.unknownStateText());
    }

    private Response onward(Attempt attempt) {
        return responses.onward(ResultPages.arrival(attempt), Referrer.NONE);
    }

    private void count(String result) {
        meters.counter("perennial.callbacks", "result", result).increment();
    }
}
