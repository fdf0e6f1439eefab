package io.perennial.auth.authorization;

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
import io.perennial.auth.authorization.unclaimed.Newcomer;
import io.perennial.auth.authorization.unclaimed.Unclaimed;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /connect/unclaimed/{id}}: what a merchant whom nobody knows is told, in his own browser and no other. */
@Path("/connect/unclaimed/{id}")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class UnclaimedPageResource {
    private final UnclaimedConsents consents;
    private final BrowserCookie cookie;
    private final PageResponses responses;

    UnclaimedPageResource(UnclaimedConsents consents, BrowserCookie cookie, PageResponses responses) {
        this.consents = consents;
        this.cookie = cookie;
        this.responses = responses;
    }

    @GET
    public Uni<Response> show(UUID id, @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        return consents.newcomer(id).chain(newcomer -> {
            if (newcomer == null || !visitor.is(newcomer.browserHash())) {
                Language language = visitor.language(null);
                Texts texts = language.texts();
                return responses.plain(404, language, texts.unknownLinkTitle(), texts.otherBrowserText());
            }
            return consents.find(id).chain(waiting -> tell(newcomer, waiting));
        });
    }

    private Uni<Response> tell(Newcomer newcomer, @Nullable Unclaimed waiting) {
        Language language = Language.ofTag(newcomer.locale());
        Texts texts = language.texts();
        Frame frame = new Frame(language.tag(), texts, null, null);
        Notice notice = waiting == null
                ? new Notice(
                        frame,
                        Tone.BAD,
                        "unclaimed-ended",
                        texts.unclaimedEndedTitle(),
                        List.of(texts.unclaimedEndedText()),
                        List.of(),
                        null,
                        null)
                : new Notice(
                        frame,
                        Tone.GOOD,
                        "unclaimed",
                        texts.unclaimedTitle(),
                        List.of(
                                texts.unclaimedText(
                                        waiting.accountName() == null ? waiting.accountId() : waiting.accountName()),
                                texts.unclaimedHow(waiting.reference()),
                                texts.unclaimedUntil(language.date(waiting.claimUntil()))),
                        List.of(),
                        null,
                        null);
        return responses
                .page(200, Page.Templates.notice(notice), frame, Referrer.SAME_ORIGIN, List.of())
                .map(Response.ResponseBuilder::build);
    }
}
