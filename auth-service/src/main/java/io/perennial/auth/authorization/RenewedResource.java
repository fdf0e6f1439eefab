package io.perennial.auth.authorization;

import io.perennial.auth.authorization.link.ConsentLinks;
import io.perennial.auth.authorization.link.ConsentLinks.ConsentLink;
import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.perennial.auth.authorization.link.RenewalClaims;
import io.perennial.auth.authorization.page.BrowserCookie;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.Page;
import io.perennial.auth.authorization.page.Page.Frame;
import io.perennial.auth.authorization.page.Page.Notice;
import io.perennial.auth.authorization.page.Page.Tone;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.authorization.page.Visitor;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.tenant.Tenants;
import io.perennial.auth.token.TokenBroker;
import io.perennial.auth.token.TokenBroker.Outcome;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code /connect/{link}/renewed}: "I have already renewed". The provider is asked at once, but a token that works proves no
 * renewal; so the date that the merchant reads at the provider is written down, and the reminders that are open end.
 */
@Path("/connect/{link}/renewed")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class RenewedResource {
    private static final Logger LOG = Logger.getLogger(RenewedResource.class);

    private final ConsentLinks links;
    private final RenewalClaims claims;
    private final Connections connections;
    private final Tenants tenants;
    private final TokenBroker broker;
    private final BrowserCookie cookie;
    private final PageResponses responses;

    RenewedResource(
            ConsentLinks links,
            RenewalClaims claims,
            Connections connections,
            Tenants tenants,
            TokenBroker broker,
            BrowserCookie cookie,
            PageResponses responses) {
        this.links = links;
        this.claims = claims;
        this.connections = connections;
        this.tenants = tenants;
        this.broker = broker;
        this.cookie = cookie;
        this.responses = responses;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> renewed(
            String link,
            @FormParam("connection") @Nullable String connection,
            @FormParam("form") @Nullable String formToken,
            @FormParam("shown") @Nullable String shown,
            @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        Language language = visitor.language(null);
        Texts texts = language.texts();
        if (connection == null || !visitor.sent(form(link, connection), formToken)) {
            return responses.plain(403, language, texts.refusedTitle(), texts.forgedText());
        }
        return links.find(link)
                .chain(found -> found == null
                        ? back(link)
                        : found.targets().stream()
                                .filter(target ->
                                        target.connectionId().toString().equals(connection))
                                .findFirst()
                                .map(target -> claim(new Said(link, found, target, date(shown)), language))
                                .orElseGet(() -> back(link)));
    }

    static String form(String link, String connection) {
        return "renewed\n" + link + "\n" + connection;
    }

    /** What was said, and where. */
    private record Said(String address, ConsentLink link, Target grant, @Nullable LocalDate shownEnd) {}

    private Uni<Response> claim(Said said, Language language) {
        return connections
                .find(List.of(said.grant().connectionId()))
                .chain(found -> found.isEmpty()
                                || found.get(0).generation() != said.grant().generation()
                                || !isRenewable(found.get(0))
                        ? back(said.address())
                        : claims.note(said.link().tenantId(), said.grant(), said.shownEnd())
                                .chain(noted ->
                                        noted ? probe(said) : Uni.createFrom().item(Outcome.UNKNOWN))
                                .chain(outcome -> answer(said, found.get(0), outcome, language)));
    }

    /** What the landing page offers it for: a grant that ends. */
    static boolean isRenewable(ConnectionView connection) {
        return connection.generation() > 0 && connection.endsAt() != null;
    }

    private Uni<Outcome> probe(Said said) {
        return broker.probe(said.grant().connectionId())
                .map(TokenBroker.Probed::outcome)
                .onFailure()
                .invoke(failure -> LOG.warnf(
                        "A probe on a merchant's word came to nothing; connectionId=%s reason=%s",
                        said.grant().connectionId(), failure.getClass().getSimpleName()))
                .onFailure()
                .recoverWithItem(Outcome.UNKNOWN);
    }

    private Uni<Response> answer(Said said, ConnectionView connection, Outcome outcome, Language language) {
        Texts texts = language.texts();
        boolean refused = outcome == Outcome.REFUSED;
        return tenants.get(said.link().tenantId()).chain(tenant -> {
            Frame frame = new Frame(language.tag(), texts, tenant, connection.reference());
            Notice notice = new Notice(
                    frame,
                    refused ? Tone.BAD : Tone.GOOD,
                    refused ? "renewal-refused" : "renewal-noted",
                    refused ? texts.renewedRefusedTitle() : texts.renewedTitle(),
                    refused
                            ? List.of(texts.renewedRefusedText())
                            : List.of(texts.renewedText(), texts.renewedElsewhereText()),
                    List.of(),
                    "/connect/" + said.address(),
                    texts.renewedBack());
            return responses
                    .page(200, Page.Templates.notice(notice), frame, Referrer.NONE, List.of())
                    .map(Response.ResponseBuilder::build);
        });
    }

    private Uni<Response> back(String link) {
        return Uni.createFrom().item(() -> responses.onward(URI.create("/connect/" + link), Referrer.NONE));
    }

    /** As browsers send it; anything else is as good as nothing, because nobody relies on it. */
    private static @Nullable LocalDate date(@Nullable String shown) {
        try {
            LocalDate date = shown == null || shown.isBlank() ? null : LocalDate.parse(shown);
            return date == null || date.getYear() < 2000 || date.getYear() > 2200 ? null : date;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
