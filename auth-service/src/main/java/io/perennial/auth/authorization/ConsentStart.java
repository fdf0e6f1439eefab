package io.perennial.auth.authorization;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.tenant.Tenants;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sends a merchant to the provider's consent page, with a state that only this browser can bring back, or says why not. */
@ApplicationScoped
class ConsentStart {
    private final AuthorizationRequests requests;
    private final Apps apps;
    private final Tenants tenants;
    private final ProviderConsents providers;
    private final PageResponses responses;
    private final Randomness randomness;
    private final ConsentConfig config;
    private final DomainClock clock;
    private final TimeOrderedIds ids;
    private final MeterRegistry meters;

    ConsentStart(
            AuthorizationRequests requests,
            Apps apps,
            Tenants tenants,
            ProviderConsents providers,
            PageResponses responses,
            Randomness randomness,
            ConsentConfig config,
            DomainClock clock,
            TimeOrderedIds ids,
            MeterRegistry meters) {
        this.requests = requests;
        this.apps = apps;
        this.tenants = tenants;
        this.providers = providers;
        this.responses = responses;
        this.randomness = randomness;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
        this.meters = meters;
    }

    /** Who sets out, and for what. */
    record Departure(ConnectionView connection, @Nullable UUID linkId, String browser, Language language) {}

    /** Origin of the provider's consent page for a connection. */
    Uni<String> origin(ConnectionView connection) {
        return apps.get(connection.app())
                .map(app ->
                        PageResponses.origin(providers.of(connection.provider()).place(connection, app)));
    }

    /** Which page of the provider, for an application and a state. */
    interface Destination {
        URI of(AppView app, String state);
    }

    /** To the provider's consent page. */
    Uni<Response> start(Departure departure) {
        ConnectionView connection = departure.connection();
        return start(departure, AuthorizationWay.WEBSITE, (app, state) -> providers
                .of(connection.provider())
                .page(connection, app, new Ticket(departure.browser(), state)));
    }

    /** To a page of the provider that waits for this merchant. */
    Uni<Response> start(Departure departure, AuthorizationWay way, Destination destination) {
        return apps.get(departure.connection().app())
                .chain(app -> app.suspended() ? paused(departure) : start(departure, app, way, destination));
    }

    /** Whoever suspends an application wants no new grants either: nothing is stored that a callback could fit. */
    private Uni<Response> paused(Departure departure) {
        if (departure.linkId() == null) {
            // At the login address anybody may ask; he learns nothing about whom we know.
            return responses.paused(departure.language(), null, null);
        }
        return tenants.get(departure.connection().tenantId())
                .chain(tenant -> responses.paused(
                        departure.language(), tenant, departure.connection().reference()));
    }

    private Uni<Response> start(Departure departure, AppView app, AuthorizationWay way, Destination destination) {
        return requests.mayStart(
                        departure.connection().id(), departure.linkId(), Randomness.hash(departure.browser()), most())
                .chain(may -> may
                        ? depart(departure, app, way, destination)
                        : Uni.createFrom().<URI>nullItem())
                .chain(page -> page == null
                        ? responses.tooMany(departure.language())
                        : Uni.createFrom().item(responses.onward(page, Referrer.NONE)));
    }

    private Uni<@Nullable URI> depart(Departure departure, AppView app, AuthorizationWay way, Destination destination) {
        String state = randomness.text();
        Instant now = clock.instant();
        AuthorizationRequest request = new AuthorizationRequest();
        request.id = ids.next();
        request.stateHash = Randomness.hash(state);
        request.browserHash = Randomness.hash(departure.browser());
        request.linkId = departure.linkId();
        request.tenantId = departure.connection().tenantId();
        request.connectionId = departure.connection().id();
        request.generation = departure.connection().generation();
        request.region = departure.connection().region();
        request.appId = app.id();
        request.way = way;
        request.locale = departure.language().tag();
        request.status = AuthorizationStatus.STARTED;
        request.startedAt = now;
        request.expiresAt = now.plus(config.stateLife());
        return requests.start(request, most()).map(started -> {
            if (!started) {
                return null;
            }
            meters.counter("perennial.authorizations.started").increment();
            return destination.of(app, state);
        });
    }

    private AuthorizationRequests.Most most() {
        return new AuthorizationRequests.Most(config.maxOpen(), config.maxOpenOfConnection());
    }
}
