package io.perennial.auth.authorization.page;

import io.perennial.auth.authorization.page.Page.Frame;
import io.perennial.auth.authorization.page.Page.Help;
import io.perennial.auth.authorization.page.Page.HelpEntry;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;

/** {@code /connect/help}: what Amazon's own pages mean by their codes. It knows nothing about who reads it. */
@Path("/connect/help")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class HelpResource {
    private final BrowserCookie cookie;
    private final PageResponses responses;

    HelpResource(BrowserCookie cookie, PageResponses responses) {
        this.cookie = cookie;
        this.responses = responses;
    }

    @GET
    public Uni<Response> show(@Context HttpHeaders headers) {
        Language language = new Visitor(headers, cookie).language(null);
        HelpTexts texts = language.help();
        List<HelpEntry> entries = new ArrayList<>(AmazonCode.explained(texts));
        entries.add(new HelpEntry("other", texts.otherCode(), texts.otherMeaning(), texts.otherRemedy()));
        entries.add(new HelpEntry("cancelled", texts.cancelled(), texts.cancelledMeaning(), texts.cancelledRemedy()));
        Help page = new Help(new Frame(language.tag(), language.texts(), null, null), texts, entries);
        return responses
                .page(200, Page.Templates.help(page), page.frame(), Referrer.NONE, List.of())
                .map(Response.ResponseBuilder::build);
    }
}
