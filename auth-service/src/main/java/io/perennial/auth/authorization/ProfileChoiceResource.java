package io.perennial.auth.authorization;

import io.perennial.auth.authorization.page.BrowserCookie;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.authorization.page.Visitor;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.profile.Profiles;
import io.perennial.contracts.Provider;
import io.perennial.problem.ProblemException;
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
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code /connect/result/{attempt}/profiles}: the choice of advertising profiles by the merchant who consented, in the
 * browser of the consent and until the next one.
 */
@Path("/connect/result/{attempt}/profiles")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class ProfileChoiceResource {
    private static final int MOST = 5_000;

    private final AuthorizationRequests requests;
    private final Connections connections;
    private final Profiles profiles;
    private final BrowserCookie cookie;
    private final PageResponses responses;

    ProfileChoiceResource(
            AuthorizationRequests requests,
            Connections connections,
            Profiles profiles,
            BrowserCookie cookie,
            PageResponses responses) {
        this.requests = requests;
        this.connections = connections;
        this.profiles = profiles;
        this.cookie = cookie;
        this.responses = responses;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> choose(
            UUID attempt,
            @FormParam("profile") @Nullable List<String> profile,
            @FormParam("form") @Nullable String formToken,
            @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        List<String> wanted =
                profile == null ? List.of() : profile.stream().distinct().toList();
        return requests.find(attempt).chain(found -> {
            Language language = visitor.language(found == null ? null : found.locale());
            Texts texts = language.texts();
            if (found == null || !visitor.is(found.browserHash())) {
                return responses.plain(404, language, texts.unknownLinkTitle(), texts.otherBrowserText());
            }
            if (!visitor.sent(ProfilePages.form(found), formToken)) {
                return responses.plain(403, language, texts.refusedTitle(), texts.forgedText());
            }
            return connections
                    .get(found.connectionId())
                    .chain(connection -> choose(found, connection, wanted))
                    .replaceWith(() -> responses.onward(ResultPages.address(found), Referrer.NONE))
                    // Somebody else was faster, or a box was ticked that was not there: the page tells how it is now.
                    .onFailure(ProblemException.class)
                    .recoverWithItem(() -> responses.onward(ResultPages.address(found), Referrer.NONE));
        });
    }

    private Uni<Void> choose(Attempt attempt, ConnectionView connection, List<String> wanted) {
        return connection.provider() != Provider.AMAZON_ADS
                        || !ProfilePages.wanted(attempt, connection)
                        || wanted.isEmpty()
                        || wanted.size() > MOST
                ? Uni.createFrom().voidItem()
                : profiles.choose(connection, wanted, "merchant").replaceWithVoid();
    }
}
