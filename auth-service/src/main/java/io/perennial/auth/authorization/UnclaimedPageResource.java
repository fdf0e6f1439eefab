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

/**
 * {@code /connect/unclaimed/{id}}: what a merchant whom nobody knows is told, in his own browser and no other. Who began at
 * the login address and is known comes here too: nothing differs until Amazon has shown that the consent is his.
 */
@Path("/connect/unclaimed/{id}")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class UnclaimedPageResource {
    private static final String SECONDS_TO_NEXT_LOOK = "3";

    private final UnclaimedConsents consents;
    private final AuthorizationRequests requests;
    private final BrowserCookie cookie;
    private final PageResponses responses;

    UnclaimedPageResource(
            UnclaimedConsents consents, AuthorizationRequests requests, BrowserCookie cookie, PageResponses responses) {
        this.consents = consents;
        this.requests = requests;
        this.cookie = cookie;
        this.responses = responses;
    }

    @GET
    public Uni<Response> show(UUID id, @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        return consents.newcomer(id).chain(newcomer -> {
            if (newcomer == null) {
                return requests.find(id).chain(attempt -> tell(attempt, visitor));
            }
            return visitor.is(newcomer.browserHash())
                    ? consents.find(id).chain(waiting -> tell(newcomer, waiting))
                    : unknown(visitor);
        });
    }

    private Uni<Response> unknown(Visitor visitor) {
        Language language = visitor.language(null);
        Texts texts = language.texts();
        return responses.plain(404, language, texts.unknownLinkTitle(), texts.otherBrowserText());
    }

    private Uni<Response> tell(@Nullable Attempt attempt, Visitor visitor) {
        if (attempt == null || attempt.linkId() != null || !visitor.is(attempt.browserHash())) {
            return unknown(visitor);
        }
        if (ResultPages.shows(attempt)) {
            return Uni.createFrom().item(responses.onward(ResultPages.address(attempt), Referrer.NONE));
        }
        Language language = Language.ofTag(attempt.locale());
        return attempt.status() == AuthorizationStatus.CHECKING
                ? page(checking(frame(language))).map(page -> page.header("Refresh", SECONDS_TO_NEXT_LOOK)
                        .build())
                : page(ended(frame(language))).map(Response.ResponseBuilder::build);
    }

    private Uni<Response> tell(Newcomer newcomer, @Nullable Unclaimed waiting) {
        Language language = Language.ofTag(newcomer.locale());
        return page(waiting == null ? ended(frame(language)) : waits(frame(language), waiting, language))
                .map(Response.ResponseBuilder::build);
    }

    private Uni<Response.ResponseBuilder> page(Notice notice) {
        return responses.page(200, Page.Templates.notice(notice), notice.frame(), Referrer.SAME_ORIGIN, List.of());
    }

    /** Without the name of any integrator: whose merchant it is, nobody knows or may know yet. */
    private static Frame frame(Language language) {
        return new Frame(language.tag(), language.texts(), null, null);
    }

    private static Notice ended(Frame frame) {
        Texts texts = frame.texts();
        return notice(
                frame, Tone.BAD, "unclaimed-ended", texts.unclaimedEndedTitle(), List.of(texts.unclaimedEndedText()));
    }

    /** Amazon took the code: the candidate is safe and is looked at. */
    private static Notice checking(Frame frame) {
        Texts texts = frame.texts();
        return notice(frame, Tone.WAITING, "checking", texts.checkingTitle(), List.of(texts.checkingText()));
    }

    private static Notice waits(Frame frame, Unclaimed waiting, Language language) {
        Texts texts = frame.texts();
        String store = waiting.accountName() == null ? waiting.accountId() : waiting.accountName();
        return notice(
                frame,
                Tone.GOOD,
                "unclaimed",
                texts.unclaimedTitle(),
                List.of(
                        texts.unclaimedText(store),
                        texts.unclaimedHow(waiting.reference()),
                        texts.unclaimedUntil(language.date(waiting.claimUntil()))));
    }

    private static Notice notice(Frame frame, Tone tone, String outcome, String title, List<String> paragraphs) {
        return new Notice(frame, tone, outcome, title, paragraphs, List.of(), null, null);
    }
}
