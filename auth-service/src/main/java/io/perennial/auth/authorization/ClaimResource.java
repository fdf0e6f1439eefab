package io.perennial.auth.authorization;

import io.perennial.auth.authorization.UnclaimedAdoption.Claimant;
import io.perennial.auth.authorization.link.ConsentLinks;
import io.perennial.auth.authorization.link.ConsentLinks.ConsentLink;
import io.perennial.auth.authorization.page.BrowserCookie;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.authorization.page.Visitor;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
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
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code /connect/{link}/claim}: a merchant who consented before anybody knew him names the connection by its link, in the
 * browser in which he consented. Link and browser together: neither is enough.
 */
@Path("/connect/{link}/claim")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class ClaimResource {
    private final ConsentLinks links;
    private final UnclaimedConsents consents;
    private final UnclaimedAdoption adoption;
    private final Connections connections;
    private final BrowserCookie cookie;
    private final PageResponses responses;

    ClaimResource(
            ConsentLinks links,
            UnclaimedConsents consents,
            UnclaimedAdoption adoption,
            Connections connections,
            BrowserCookie cookie,
            PageResponses responses) {
        this.links = links;
        this.consents = consents;
        this.adoption = adoption;
        this.connections = connections;
        this.cookie = cookie;
        this.responses = responses;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> claim(
            String link,
            @FormParam("connection") @Nullable String connection,
            @FormParam("form") @Nullable String formToken,
            @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        Language language = visitor.language(null);
        Texts texts = language.texts();
        if (connection == null || !visitor.sent(form(link, connection), formToken)) {
            return responses.plain(403, language, texts.refusedTitle(), texts.forgedText());
        }
        Uni<Response> back =
                Uni.createFrom().item(() -> responses.onward(URI.create("/connect/" + link), Referrer.NONE));
        return links.find(link)
                .chain(found -> target(found, connection))
                .chain(target -> target == null ? back : claim(target, visitor, language, back));
    }

    static String form(String link, String connection) {
        return "claim\n" + link + "\n" + connection;
    }

    private record Open(ConsentLink link, ConnectionView connection) {}

    /** The connection as the link means it: of the same grant as when the link was made. */
    private Uni<@Nullable Open> target(@Nullable ConsentLink link, String connection) {
        if (link == null) {
            return Uni.createFrom().nullItem();
        }
        return link.targets().stream()
                .filter(target -> target.connectionId().toString().equals(connection))
                .findFirst()
                .map(target -> connections
                        .find(List.of(target.connectionId()))
                        .map(found -> found.isEmpty() || found.get(0).generation() != target.generation()
                                ? null
                                : new Open(link, found.get(0))))
                .orElseGet(() -> Uni.createFrom().nullItem());
    }

    private Uni<Response> claim(Open target, Visitor visitor, Language language, Uni<Response> back) {
        String browser = Objects.requireNonNull(visitor.browser());
        return consents.ofBrowser(browser).chain(unclaimed -> {
            if (unclaimed == null || !UnclaimedAdoption.fits(unclaimed, target.connection())) {
                return back;
            }
            Claimant merchant = new Claimant(browser, target.link().id(), language.tag(), "merchant");
            return adoption.heldElsewhere(unclaimed, target.connection())
                    .chain(held -> held
                            ? back
                            : adoption.adopt(unclaimed, target.connection(), merchant)
                                    .chain(attempt -> attempt == null
                                            ? back
                                            : Uni.createFrom()
                                                    .item(responses.onward(
                                                            ResultPages.address(attempt), Referrer.NONE))));
        });
    }
}
