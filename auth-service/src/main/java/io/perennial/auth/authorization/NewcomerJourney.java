package io.perennial.auth.authorization;

import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.authorization.page.Visitor;
import io.perennial.auth.authorization.unclaimed.Newcomer;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents.Stage;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.token.Grants;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.auth.token.amazon.LwaTokenClient;
import io.perennial.auth.token.amazon.Participation;
import io.perennial.auth.token.amazon.SellersClient;
import io.perennial.auth.token.amazon.TokenAnswer;
import io.perennial.auth.vault.SealingPlace;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.secret.AuthorizationCode;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A merchant whom no connection knows, to the provider and back. What he consents to is kept sealed until somebody claims
 * it; nothing else happens with it.
 */
@ApplicationScoped
class NewcomerJourney {
    private static final Logger LOG = Logger.getLogger(NewcomerJourney.class);

    private final UnclaimedConsents consents;
    private final Apps apps;
    private final LwaTokenClient lwa;
    private final Grants grants;
    private final SellersClient sellers;
    private final PageResponses responses;
    private final Randomness randomness;
    private final ConsentConfig config;
    private final Transactions transactions;
    private final DomainClock clock;

    NewcomerJourney(
            UnclaimedConsents consents,
            Apps apps,
            LwaTokenClient lwa,
            Grants grants,
            SellersClient sellers,
            PageResponses responses,
            Randomness randomness,
            ConsentConfig config,
            Transactions transactions,
            DomainClock clock) {
        this.consents = consents;
        this.apps = apps;
        this.lwa = lwa;
        this.grants = grants;
        this.sellers = sellers;
        this.responses = responses;
        this.randomness = randomness;
        this.config = config;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Address of the page that says what became of it; without the browser's cookie it shows nothing. */
    static URI address(UUID id) {
        return URI.create("/connect/unclaimed/" + id);
    }

    /** Sends him to the provider, or says why not. */
    Uni<Response> depart(
            AppView app,
            Region region,
            String account,
            String browser,
            Language language,
            ConsentStart.Destination destination) {
        if (app.suspended()) {
            return responses.paused(language, null, null);
        }
        String state = randomness.text();
        return consents.depart(new UnclaimedConsents.Departure(
                        app, region, account, state, browser, language.tag(), config.stateLife()))
                .chain(departed -> departed
                        ? Uni.createFrom().item(responses.onward(destination.of(app, state), Referrer.NONE))
                        : responses.tooMany(language));
    }

    /** What to answer to a callback with one of our states; null if the state is none of a newcomer. */
    Uni<@Nullable Response> received(CallbackParameters parameters, Visitor visitor) {
        return consents.ofState(parameters.get("state"))
                .chain(newcomer -> newcomer == null
                        ? Uni.createFrom().<Response>nullItem()
                        : received(newcomer, parameters, visitor));
    }

    private Uni<@Nullable Response> received(Newcomer newcomer, CallbackParameters parameters, Visitor visitor) {
        Language language = Language.ofTag(newcomer.locale());
        Texts texts = language.texts();
        if (!visitor.is(newcomer.browserHash())) {
            return foreign(newcomer, visitor.language(newcomer.locale()));
        }
        if (!newcomer.waitsForCallback()) {
            return responses.plain(409, language, texts.usedTitle(), texts.usedText());
        }
        boolean denied = parameters.has("error");
        boolean answered = parameters.has("spapi_oauth_code");
        if (denied == answered || !clock.instant().isBefore(newcomer.expiresAt())) {
            return Uni.createFrom().nullItem();
        }
        if (denied) {
            return consents.end(newcomer.id(), Stage.STARTED, "DENIED").replaceWith(() -> onward(newcomer));
        }
        String code = parameters.get("spapi_oauth_code");
        // The account is the one that Amazon named when it brought the merchant; another one has no business here.
        if (code.isBlank() || !newcomer.accountId().equals(parameters.get("selling_partner_id"))) {
            return Uni.createFrom().nullItem();
        }
        return transactions
                .detached(() -> consents.claim(newcomer)
                        .chain(mine -> mine
                                ? exchange(newcomer, new AuthorizationCode(code))
                                        .replaceWith(true)
                                : Uni.createFrom().item(false)))
                .chain(mine -> mine
                        ? Uni.createFrom().item(onward(newcomer))
                        : responses.plain(409, language, texts.usedTitle(), texts.usedText()));
    }

    private Uni<Response> foreign(Newcomer newcomer, Language language) {
        Texts texts = language.texts();
        return consents.noteForeignBrowser(newcomer)
                .chain(() -> responses.plain(403, language, texts.refusedTitle(), texts.otherBrowserText()));
    }

    private Response onward(Newcomer newcomer) {
        return responses.onward(address(newcomer.id()), Referrer.NONE);
    }

    private Uni<Void> exchange(Newcomer newcomer, AuthorizationCode code) {
        Instant grantedAt = clock.instant();
        // What can not be sealed must not be asked for: the code stays good for another try.
        return grants.canSeal(SealingPlace.PLATFORM)
                .chain(can -> can
                        ? lwa.exchange(newcomer.app(), newcomer.region(), code, null)
                        : Uni.createFrom().item(new TokenAnswer.PlatformFault(TokenAnswer.Fault.VAULT_CLOSED)))
                .chain(answer -> {
                    if (answer instanceof TokenAnswer.Granted granted) {
                        return consents.keep(newcomer, granted.tokens(), grantedAt)
                                .chain(kept -> kept
                                        ? describe(newcomer, granted.tokens())
                                        : Uni.createFrom().voidItem());
                    }
                    String reason = answer instanceof TokenAnswer.PlatformFault fault
                            ? fault.fault().name()
                            : "CODE_REFUSED";
                    return consents.end(newcomer.id(), Stage.EXCHANGING, reason);
                });
    }

    /** The store's name only helps people to find its connection: without it the consent waits all the same. */
    private Uni<Void> describe(Newcomer newcomer, IssuedTokens tokens) {
        if (newcomer.provider() != Provider.AMAZON_SELLER) {
            return Uni.createFrom().voidItem();
        }
        return apps.get(newcomer.app())
                .chain(app -> sellers.participations(app, newcomer.region(), tokens.accessToken()))
                .chain(store -> store instanceof Participation.Known known
                        ? consents.describe(newcomer.id(), known)
                        : Uni.createFrom().voidItem())
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.warnf("The store of unclaimed consent %s stays without a name: %s", newcomer.id(), failure);
                    return Uni.createFrom().voidItem();
                });
    }

    /** The application that newcomers of a site consent to. */
    static AppView appFor(List<AppView> apps, boolean vendors) {
        Provider wanted = vendors ? Provider.AMAZON_VENDOR : Provider.AMAZON_SELLER;
        return apps.stream()
                .filter(app -> app.provider() == wanted)
                .findFirst()
                .orElseGet(() -> Objects.requireNonNull(apps.get(0)));
    }
}
