package io.perennial.auth.authorization;

import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.application.Marketplace;
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
import io.perennial.auth.connection.request.NewConnection;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A callback without any state: Amazon sends it when a merchant enables an authorization that has ended. Nothing ties it
 * to a browser, so that its code is worth nothing here; the page offers to set out again. It is the same page whether the
 * account is known or not.
 */
@ApplicationScoped
class StatelessCallback {
    private final Apps apps;
    private final BrowserCookie cookie;
    private final PageResponses responses;

    StatelessCallback(Apps apps, BrowserCookie cookie, PageResponses responses) {
        this.apps = apps;
        this.cookie = cookie;
        this.responses = responses;
    }

    static boolean fits(CallbackParameters parameters) {
        return !parameters.has("state")
                && parameters.has("spapi_oauth_code")
                && !parameters.has("error")
                && NewConnection.ACCOUNT_ID
                        .matcher(parameters.get("selling_partner_id"))
                        .matches();
    }

    Uni<Response> offer(CallbackParameters parameters, Visitor visitor) {
        String account = parameters.get("selling_partner_id");
        Language language = visitor.language(null);
        Texts texts = language.texts();
        String browser = visitor.browser() == null ? cookie.fresh() : visitor.browser();
        String token = Randomness.formToken(browser, LoginResource.formAgain(account));
        List<Action> regions = Arrays.stream(Region.values())
                .map(region -> new Action(
                        "region-" + region,
                        "/oauth/amazon/login/again?account=" + account,
                        texts.region(region.name()),
                        false,
                        token,
                        "region",
                        region.name()))
                .toList();
        Notice notice = new Notice(
                new Frame(language.tag(), texts, null, null),
                Tone.QUESTION,
                "again",
                texts.againTitle(),
                List.of(texts.againText(account)),
                regions,
                null,
                null);
        return origins()
                .chain(origins -> responses.page(
                        400, Page.Templates.notice(notice), notice.frame(), Referrer.SAME_ORIGIN, origins))
                .map(response -> response.cookie(cookie.write(browser)).build());
    }

    /** Every site on which the buttons may end: browsers apply form-action to redirects too. */
    private Uni<List<String>> origins() {
        return apps.ofProviders(List.of(Provider.AMAZON_SELLER, Provider.AMAZON_VENDOR))
                .map(all -> all.stream().flatMap(app -> origins(app)).distinct().toList());
    }

    private static Stream<String> origins(AppView app) {
        return Arrays.stream(Marketplace.values())
                .map(marketplace -> PageResponses.origin(URI.create(app.authorizationBase(marketplace))));
    }
}
