package io.perennial.auth.authorization;

import io.perennial.auth.authorization.link.ConsentLinks;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.Page;
import io.perennial.auth.authorization.page.Page.Action;
import io.perennial.auth.authorization.page.Page.Frame;
import io.perennial.auth.authorization.page.Page.Notice;
import io.perennial.auth.authorization.page.Page.ProfileChoice;
import io.perennial.auth.authorization.page.Page.Tone;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.profile.Profiles;
import io.perennial.auth.tenant.TenantView;
import io.perennial.auth.tenant.Tenants;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of an attempt, as a page for its merchant. */
@ApplicationScoped
class ResultPages {
    /** What the form says that asks for the connection the account really belongs to. */
    static final String OTHER = "other";

    /** What the form says that goes on with the next connection of the link. */
    static final String NEXT = "next";

    private static final String SECONDS_TO_NEXT_LOOK = "3";

    private final ConsentLinks links;
    private final Connections connections;
    private final Tenants tenants;
    private final NextInLink nextInLink;
    private final ConsentStart start;
    private final Profiles profiles;
    private final PageResponses responses;

    ResultPages(
            ConsentLinks links,
            Connections connections,
            Tenants tenants,
            NextInLink nextInLink,
            ConsentStart start,
            Profiles profiles,
            PageResponses responses) {
        this.links = links;
        this.connections = connections;
        this.tenants = tenants;
        this.nextInLink = nextInLink;
        this.start = start;
        this.profiles = profiles;
        this.responses = responses;
    }

    private record Story(
            Attempt attempt,
            ConnectionView connection,
            TenantView tenant,
            @Nullable ConnectionView holder,
            @Nullable ConnectionView next,
            @Nullable String returnUrl,
            Language language,
            Texts texts) {}

    /** Address of an attempt's result. It names no secret; without the browser's cookie it shows nothing. */
    static URI address(Attempt attempt) {
        return URI.create("/connect/result/" + attempt.id());
    }

    /**
     * Where a callback leads. Anybody can begin an attempt at the login address: it leads where it leads those whom nobody
     * knows, and from there on to its result once Amazon has shown whose consent it is.
     */
    static URI arrival(Attempt attempt) {
        return attempt.linkId() == null ? NewcomerJourney.address(attempt.id()) : address(attempt);
    }

    /** Whether the browser that began an attempt may see its result, which says who the integrator is. */
    static boolean shows(Attempt attempt) {
        return attempt.linkId() != null
                || switch (attempt.status()) {
                    case COMPLETED, AWAITING_CONFIRMATION, AWAITING_REVIEW -> true;
                    case SUPERSEDED -> attempt.grantId() != null;
                    default -> false;
                };
    }

    /** Name of the forms on an attempt's pages, for their tokens. */
    static String form(Attempt attempt) {
        return "result\n" + attempt.id();
    }

    /** The page of an attempt. */
    Uni<Response> result(Attempt attempt, String browser) {
        return tell(attempt).chain(story -> {
            if (story.connection().provider() == Provider.AMAZON_ADS
                    && ProfilePages.wanted(attempt, story.connection())) {
                return profiles(story, browser);
            }
            Notice notice = notice(story, browser);
            // An operator takes longer than a page that renews itself can wait.
            boolean waiting = notice.tone() == Tone.WAITING && attempt.status() != AuthorizationStatus.AWAITING_REVIEW;
            return origins(story)
                    .chain(origins -> responses.page(
                            200, Page.Templates.notice(notice), notice.frame(), Referrer.SAME_ORIGIN, origins))
                    .map(response -> waiting ? response.header("Refresh", SECONDS_TO_NEXT_LOOK) : response)
                    .map(Response.ResponseBuilder::build);
        });
    }

    /** Where the buttons of the page end. */
    private Uni<List<String>> origins(Story story) {
        ConnectionView next = story.next();
        return start.origin(story.connection())
                .chain(origin -> next == null
                        ? Uni.createFrom().item(List.of(origin))
                        : start.origin(next).map(other -> List.of(origin, other)));
    }

    private Uni<Response> profiles(Story story, String browser) {
        return profiles.book(story.connection()).chain(book -> {
            ProfileChoice page = ProfilePages.page(
                    story.attempt(), frame(story), book, browser, connectedText(story), story.returnUrl());
            return responses
                    .page(200, Page.Templates.profiles(page), page.frame(), Referrer.SAME_ORIGIN, List.of())
                    .map(Response.ResponseBuilder::build);
        });
    }

    /** For somebody who brings an answer of the provider a second time. */
    Uni<Response> used(Attempt attempt) {
        return tell(attempt).chain(story -> {
            Notice notice = new Notice(
                    frame(story),
                    Tone.BAD,
                    "used",
                    story.texts().usedTitle(),
                    List.of(story.texts().usedText()),
                    List.of(),
                    address(attempt).toString(),
                    story.texts().seeResult());
            return responses
                    .page(409, Page.Templates.notice(notice), notice.frame(), Referrer.NONE, List.of())
                    .map(Response.ResponseBuilder::build);
        });
    }

    private Uni<Story> tell(Attempt attempt) {
        Language language = Language.ofTag(attempt.locale());
        return connections.get(attempt.connectionId()).chain(connection -> tenants.get(attempt.tenantId())
                .chain(tenant -> rightfulHolder(attempt, connection)
                        .chain(holder -> nextInLink.after(attempt).chain(next -> links.returnUrl(attempt.linkId())
                                .map(back -> new Story(
                                        attempt,
                                        connection,
                                        tenant,
                                        holder,
                                        next,
                                        ReturnAddress.of(back, connection.id(), outcome(attempt.status())),
                                        language,
                                        language.texts()))))));
    }

    /** The connection of the same tenant that the refused account belongs to; null if none. */
    Uni<@Nullable ConnectionView> rightfulHolder(Attempt attempt) {
        return connections.get(attempt.connectionId()).chain(connection -> rightfulHolder(attempt, connection));
    }

    private Uni<@Nullable ConnectionView> rightfulHolder(Attempt attempt, ConnectionView connection) {
        boolean refused = attempt.status() == AuthorizationStatus.WRONG_ACCOUNT
                || attempt.status() == AuthorizationStatus.DUPLICATE;
        if (!refused || attempt.accountId() == null) {
            return Uni.createFrom().nullItem();
        }
        return connections
                .holder(connection, attempt.accountId())
                .chain(id -> id == null ? Uni.createFrom().nullItem() : connections.get(id));
    }

    private static Frame frame(Story story) {
        return new Frame(
                story.language().tag(),
                story.texts(),
                story.tenant(),
                story.connection().reference());
    }

    private static Notice notice(Story story, String browser) {
        Texts texts = story.texts();
        return switch (story.attempt().status()) {
            case STARTED, EXCHANGING, CHECKING ->
                page(story, Tone.WAITING, texts.checkingTitle(), List.of(texts.checkingText()), List.of());
            case AWAITING_CONFIRMATION -> question(story, browser);
            case AWAITING_REVIEW ->
                page(
                        story,
                        Tone.WAITING,
                        texts.reviewTitle(),
                        List.of(texts.reviewText(story.tenant().name()), texts.reviewFormer()),
                        List.of());
            case COMPLETED -> connected(story, browser);
            case SUPERSEDED -> superseded(story);
            case WRONG_ACCOUNT ->
                page(story, Tone.BAD, texts.wrongAccountTitle(), wrongAccount(story), again(story, browser));
            case DUPLICATE -> duplicate(story, browser);
            case DENIED ->
                page(story, Tone.BAD, texts.deniedTitle(), List.of(texts.deniedText()), again(story, browser));
            case FAILED -> failed(story, browser);
            case UNKNOWN ->
                page(story, Tone.BAD, texts.failedTitle(), List.of(texts.unknownText()), again(story, browser));
            case ABANDONED ->
                page(story, Tone.BAD, texts.failedTitle(), List.of(texts.abandonedText()), again(story, browser));
        };
    }

    private static Notice superseded(Story story) {
        Texts texts = story.texts();
        ConnectionStatus state = story.connection().state();
        if (state.needsConsent()) {
            // The consent that was faster has ended since.
            return page(story, Tone.BAD, texts.failedTitle(), List.of(texts.linkEnded()), List.of());
        }
        String text = state == ConnectionStatus.DISCONNECTED ? texts.connectionGone() : texts.nothingToDo();
        return page(story, Tone.GOOD, texts.alreadyConnected(), List.of(text), List.of());
    }

    private static Notice failed(Story story, String browser) {
        Texts texts = story.texts();
        if (CandidateDecision.NOT_ACCEPTED.contains(
                String.valueOf(story.attempt().reason()))) {
            return page(
                    story,
                    Tone.BAD,
                    texts.failedTitle(),
                    List.of(texts.notAcceptedText(story.tenant().name())),
                    again(story, browser));
        }
        return AdvertiserConsent.NO_PROFILES.equals(story.attempt().reason())
                ? page(
                        story,
                        Tone.BAD,
                        texts.noProfilesTitle(),
                        List.of(
                                texts.noProfilesRegion(
                                        story.connection().region().name()),
                                texts.noProfilesRights(),
                                texts.noProfilesHelp()),
                        again(story, browser))
                : page(story, Tone.BAD, texts.failedTitle(), List.of(texts.failedText()), again(story, browser));
    }

    private static List<Action> goOn(Story story, String browser) {
        ConnectionView next = story.next();
        if (next == null) {
            return List.of();
        }
        Texts texts = story.texts();
        String label = texts.next(next.label(), texts.region(next.region().name()));
        String token = Randomness.formToken(browser, form(story.attempt()));
        return List.of(new Action("next", address(story.attempt()) + "/retry", label, true, token, "answer", NEXT));
    }

    private static Notice connected(Story story, String browser) {
        List<String> paragraphs = connectedText(story);
        if (story.next() == null) {
            paragraphs.add(story.texts().mayClose());
        } else {
            paragraphs.addAll(nextText(story, story.next()));
        }
        return page(story, Tone.GOOD, story.texts().connectedTitle(), paragraphs, goOn(story, browser));
    }

    /** Which account is expected now, as the landing page names it. */
    private static List<String> nextText(Story story, ConnectionView next) {
        Texts texts = story.texts();
        String account = next.requiredAccountId();
        String place = next.provider() == Provider.AMAZON_ADS
                ? texts.region(next.region().name())
                : next.consentMarketplace().name();
        if (account == null) {
            return List.of(texts.nextAnyAccount(next.label(), place));
        }
        String name = next.accountName() == null ? next.label() : next.accountName();
        String named =
                texts.nextAccount(name + " (" + texts.accountId(next.provider().name()) + " " + account + ")", place);
        return account.equals(story.connection().accountId()) ? List.of(named) : List.of(texts.nextSignOut(), named);
    }

    private static List<String> connectedText(Story story) {
        Texts texts = story.texts();
        ConnectionView connection = story.connection();
        String account = connection.accountName() != null ? connection.accountName() : connection.label();
        List<String> paragraphs = new ArrayList<>();
        paragraphs.add(texts.connectedText(story.tenant().name(), account));
        if (connection.endsAt() != null) {
            paragraphs.add(texts.connectedUntil(story.language().date(connection.endsAt())));
        }
        return paragraphs;
    }

    private static Notice question(Story story, String browser) {
        Texts texts = story.texts();
        Attempt attempt = story.attempt();
        String store = attempt.accountName() == null ? "?" : attempt.accountName();
        String token = Randomness.formToken(browser, form(attempt));
        String address = address(attempt).toString();
        return page(
                story,
                Tone.QUESTION,
                texts.confirmTitle(),
                List.of(texts.confirmText(
                        store,
                        Objects.requireNonNull(attempt.accountId()),
                        story.connection().label())),
                List.of(
                        new Action("confirm-account", address, texts.confirmYes(), true, token, "answer", "yes"),
                        new Action("decline-account", address, texts.confirmNo(), false, token, "answer", "no")));
    }

    private static Notice duplicate(Story story, String browser) {
        Texts texts = story.texts();
        // Of other tenants nothing is told: there the account just can not be connected.
        boolean own = story.holder() != null;
        return page(
                story,
                Tone.BAD,
                own ? texts.duplicateTitle() : texts.accountNotAllowedTitle(),
                List.of(
                        own ? texts.duplicateText(story.tenant().name()) : texts.accountNotAllowed(),
                        texts.duplicateHelp()),
                again(story, browser));
    }

    private static List<String> wrongAccount(Story story) {
        Texts texts = story.texts();
        List<String> paragraphs = new ArrayList<>();
        paragraphs.add(texts.wrongAccountText());
        String expected = story.connection().requiredAccountId();
        if (expected != null) {
            String name = story.connection().accountName();
            paragraphs.add(texts.wrongAccountExpected(name == null ? expected : name + " (" + expected + ")"));
        }
        if (story.holder() != null) {
            paragraphs.add(texts.wrongAccountOther(
                    Objects.requireNonNull(story.attempt().accountId())));
        }
        paragraphs.add(texts.wrongAccountHelp());
        paragraphs.add(texts.wrongAccountSure());
        return paragraphs;
    }

    private static List<Action> again(Story story, String browser) {
        List<Action> actions = new ArrayList<>();
        String address = address(story.attempt()) + "/retry";
        String token = Randomness.formToken(browser, form(story.attempt()));
        if (story.connection().generation() == story.attempt().generation()) {
            actions.add(new Action("try-again", address, story.texts().tryAgain(), true, token, "answer", "again"));
        }
        if (story.holder() != null) {
            // The account by the id that was brought, not by our label: whoever forged the id learns no name from us.
            String label = story.texts()
                    .renewOther(Objects.requireNonNull(story.attempt().accountId()));
            actions.add(new Action("renew-other", address, label, false, token, "answer", OTHER));
        }
        return actions;
    }

    private static String outcome(AuthorizationStatus status) {
        return switch (status) {
            case STARTED, EXCHANGING, CHECKING -> "checking";
            case AWAITING_CONFIRMATION -> "question";
            case COMPLETED -> "connected";
            case SUPERSEDED -> "already-connected";
            default -> status.name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }

    private static Notice page(Story story, Tone tone, String title, List<String> paragraphs, List<Action> actions) {
        return new Notice(
                frame(story),
                tone,
                outcome(story.attempt().status()),
                title,
                paragraphs,
                actions,
                story.returnUrl(),
                story.returnUrl() == null
                        ? null
                        : story.texts().backTo(story.tenant().name()));
    }
}
