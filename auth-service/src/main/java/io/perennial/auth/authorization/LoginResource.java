package io.perennial.auth.authorization;

import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.application.Marketplace;
import io.perennial.auth.authorization.ConsentStart.Departure;
import io.perennial.auth.authorization.ConsentStart.Destination;
import io.perennial.auth.authorization.login.LoginEntries;
import io.perennial.auth.authorization.login.LoginEntries.Spoken;
import io.perennial.auth.authorization.login.LoginEntry;
import io.perennial.auth.authorization.page.BrowserCookie;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.Page;
import io.perennial.auth.authorization.page.Page.Action;
import io.perennial.auth.authorization.page.Page.Frame;
import io.perennial.auth.authorization.page.Page.Notice;
import io.perennial.auth.authorization.page.Page.Tone;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.authorization.page.Visitor;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.connection.request.NewConnection;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code /oauth/amazon/login}: the Login URI, to which Amazon brings merchants from its Appstore and from Manage Your Apps,
 * without any state of ours.
 *
 * <p>Anybody can write such an address. The page says nothing about whom we know; only its button sets out, with a state
 * bound to this browser and to the account, and only to Amazon.
 */
@Path("/oauth/amazon/login")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class LoginResource {
    private final LoginEntries entries;
    private final Connections connections;
    private final Apps apps;
    private final ConsentStart start;
    private final NewcomerJourney newcomers;
    private final BrowserCookie cookie;
    private final PageResponses responses;

    LoginResource(
            LoginEntries entries,
            Connections connections,
            Apps apps,
            ConsentStart start,
            NewcomerJourney newcomers,
            BrowserCookie cookie,
            PageResponses responses) {
        this.entries = entries;
        this.connections = connections;
        this.apps = apps;
        this.start = start;
        this.newcomers = newcomers;
        this.cookie = cookie;
        this.responses = responses;
    }

    @GET
    public Uni<Response> show(@Context HttpServerRequest request, @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        return read(request).chain(entry -> entry == null ? refuse(visitor) : page(entry, request, visitor));
    }

    /** The button: the same address, sent as a form of our own page. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> proceed(
            @Context HttpServerRequest request,
            @FormParam("form") @Nullable String formToken,
            @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        return read(request).chain(entry -> {
            if (entry == null) {
                return refuse(visitor);
            }
            return visitor.sent(form(request), formToken) ? proceed(entry, visitor) : forged(visitor);
        });
    }

    private Uni<Response> proceed(LoginEntry entry, Visitor visitor) {
        Destination confirmation = entry::confirmation;
        List<AppView> candidates = entry.apps();
        return connections
                .holding(candidates.stream().map(AppView::id).toList(), entry.region(), entry.sellingPartnerId())
                .chain(holders -> holders.isEmpty()
                        ? newcomer(
                                NewcomerJourney.appFor(candidates, entry.vendors()),
                                entry.region(),
                                entry.sellingPartnerId(),
                                visitor,
                                confirmation)
                        : known(holders.get(0), visitor, confirmation));
    }

    /**
     * The way of a seller whose authorization has ended: Amazon treats him as a new one and calls the redirect URI at
     * once, without any state. Such a code is never exchanged; the seller sets out again from here.
     */
    @POST
    @Path("again")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> again(
            @QueryParam("account") @Nullable String account,
            @FormParam("region") @Nullable String region,
            @FormParam("form") @Nullable String formToken,
            @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        Region chosen = Arrays.stream(Region.values())
                .filter(one -> one.name().equals(region))
                .findFirst()
                .orElse(null);
        if (account == null
                || chosen == null
                || !NewConnection.ACCOUNT_ID.matcher(account).matches()) {
            return refuse(visitor);
        }
        if (!visitor.sent(formAgain(account), formToken)) {
            return forged(visitor);
        }
        return apps.ofProviders(List.of(Provider.AMAZON_SELLER, Provider.AMAZON_VENDOR))
                .chain(all -> connections
                        .holding(all.stream().map(AppView::id).toList(), chosen, account)
                        .chain(holders -> holders.isEmpty()
                                ? unknownAgain(all, chosen, account, visitor)
                                : known(holders.get(0), visitor, null)));
    }

    private Uni<Response> unknownAgain(List<AppView> all, Region region, String account, Visitor visitor) {
        AppView usual = all.stream()
                .filter(app -> app.isDefault() && app.provider() == Provider.AMAZON_SELLER)
                .findFirst()
                .orElse(null);
        return usual == null
                ? refuse(visitor)
                : newcomer(
                        usual,
                        region,
                        account,
                        visitor,
                        (app, state) -> SellingPartnerConsent.page(app, Marketplace.defaultOf(region), state));
    }

    private Uni<Response> known(ConnectionView connection, Visitor visitor, @Nullable Destination confirmation) {
        // Not the contact's language: a stranger would tell by it that there is one.
        Language language = visitor.language(null);
        Departure departure = new Departure(connection, null, Objects.requireNonNull(visitor.browser()), language);
        return confirmation == null
                ? start.start(departure)
                : start.start(departure, AuthorizationWay.PROVIDER, confirmation);
    }

    private Uni<Response> newcomer(
            AppView app, Region region, String account, Visitor visitor, Destination destination) {
        return newcomers.depart(
                app, region, account, Objects.requireNonNull(visitor.browser()), visitor.language(null), destination);
    }

    private Uni<Response> page(LoginEntry entry, HttpServerRequest request, Visitor visitor) {
        Language language = visitor.language(null);
        Texts texts = language.texts();
        String browser = visitor.browser() == null ? cookie.fresh() : visitor.browser();
        Notice notice = new Notice(
                new Frame(language.tag(), texts, null, null),
                Tone.QUESTION,
                "login",
                texts.loginTitle(),
                List.of(texts.loginText(entry.sellingPartnerId())),
                List.of(new Action(
                        "continue",
                        "/oauth/amazon/login?" + request.query(),
                        texts.continueToAmazon(),
                        true,
                        Randomness.formToken(browser, form(request)),
                        "answer",
                        "continue")),
                null,
                null);
        return responses
                .page(
                        200,
                        Page.Templates.notice(notice),
                        notice.frame(),
                        Referrer.SAME_ORIGIN,
                        List.of(PageResponses.origin(URI.create(entry.callback()))))
                .map(response -> response.cookie(cookie.write(browser)).build());
    }

    private Uni<@Nullable LoginEntry> read(HttpServerRequest request) {
        CallbackParameters parameters = CallbackParameters.read(request.query());
        return parameters == null
                ? Uni.createFrom().nullItem()
                : entries.read(new Spoken(
                        parameters.get("amazon_callback_uri"),
                        parameters.get("amazon_state"),
                        parameters.get("selling_partner_id"),
                        parameters.get("version")));
    }

    private Uni<Response> refuse(Visitor visitor) {
        Language language = visitor.language(null);
        Texts texts = language.texts();
        return responses.plain(400, language, texts.refusedTitle(), texts.unknownEntryText());
    }

    private Uni<Response> forged(Visitor visitor) {
        Language language = visitor.language(null);
        Texts texts = language.texts();
        return responses.plain(403, language, texts.refusedTitle(), texts.forgedText());
    }

    private static String form(HttpServerRequest request) {
        return "login\n" + request.query();
    }

    static String formAgain(String account) {
        return "login again\n" + account;
    }
}
