package io.perennial.auth.authorization;

import io.perennial.auth.authorization.ConsentStart.Departure;
import io.perennial.auth.authorization.link.ConsentLinks;
import io.perennial.auth.authorization.link.ConsentLinks.ConsentLink;
import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.perennial.auth.authorization.page.BrowserCookie;
import io.perennial.auth.authorization.page.Language;
import io.perennial.auth.authorization.page.Page;
import io.perennial.auth.authorization.page.Page.Claim;
import io.perennial.auth.authorization.page.Page.Entry;
import io.perennial.auth.authorization.page.Page.Frame;
import io.perennial.auth.authorization.page.Page.Landing;
import io.perennial.auth.authorization.page.Page.Renewed;
import io.perennial.auth.authorization.page.PageResponses;
import io.perennial.auth.authorization.page.PageResponses.Referrer;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.authorization.page.Visitor;
import io.perennial.auth.authorization.unclaimed.Unclaimed;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.connection.request.Contact;
import io.perennial.auth.tenant.TenantView;
import io.perennial.auth.tenant.Tenants;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /connect/{link}}: the page a consent link leads to. Opening it changes nothing (mail scanners open links); its
 * button posts a form.
 */
@Path("/connect/{link}")
@Produces(MediaType.TEXT_HTML)
@PermitAll
public class LandingResource {
    private final ConsentLinks links;
    private final Connections connections;
    private final Tenants tenants;
    private final ConsentStart start;
    private final UnclaimedConsents unclaimed;
    private final ConsentConfig config;
    private final BrowserCookie cookie;
    private final PageResponses responses;
    private final DomainClock clock;

    LandingResource(
            ConsentLinks links,
            Connections connections,
            Tenants tenants,
            ConsentStart start,
            UnclaimedConsents unclaimed,
            ConsentConfig config,
            BrowserCookie cookie,
            PageResponses responses,
            DomainClock clock) {
        this.links = links;
        this.connections = connections;
        this.tenants = tenants;
        this.start = start;
        this.unclaimed = unclaimed;
        this.config = config;
        this.cookie = cookie;
        this.responses = responses;
        this.clock = clock;
    }

    private record Opened(ConsentLink link, TenantView tenant, Map<UUID, ConnectionView> connections) {
        @Nullable
        String contactLocale() {
            return connections.values().stream()
                    .flatMap(connection -> connection.contacts().stream())
                    .min(Comparator.comparingInt(Contact::order))
                    .map(Contact::locale)
                    .orElse(null);
        }

        List<Target> byRegion() {
            return link.targets().stream()
                    .sorted(Comparator.comparing(
                            target -> LandingResource.connection(this, target).region()))
                    .toList();
        }

        boolean severalRegions() {
            return connections.values().stream()
                            .map(ConnectionView::region)
                            .distinct()
                            .count()
                    > 1;
        }
    }

    @GET
    public Uni<Response> show(String link, @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        return open(link).chain(opened -> opened == null ? unknown(visitor) : landing(link, opened, visitor));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> start(
            String link,
            @FormParam("connection") @Nullable String connection,
            @FormParam("form") @Nullable String formToken,
            @Context HttpHeaders headers) {
        Visitor visitor = new Visitor(headers, cookie);
        return open(link).chain(opened -> {
            if (opened == null) {
                return unknown(visitor);
            }
            Language language = visitor.language(opened.contactLocale());
            Texts texts = language.texts();
            if (connection == null || !visitor.sent(form(link, connection), formToken)) {
                return responses.plain(403, language, texts.refusedTitle(), texts.forgedText());
            }
            Target target = opened.link().targets().stream()
                    .filter(candidate -> candidate.connectionId().toString().equals(connection))
                    .findFirst()
                    .orElse(null);
            if (target == null || !isOpen(target, opened)) {
                return Uni.createFrom().item(responses.onward(URI.create("/connect/" + link), Referrer.NONE));
            }
            return depart(opened, target, visitor, language);
        });
    }

    private Uni<Response> depart(Opened opened, Target target, Visitor visitor, Language language) {
        Departure departure = new Departure(
                connection(opened, target), opened.link().id(), Objects.requireNonNull(visitor.browser()), language);
        return start.start(departure);
    }

    private Uni<@Nullable Opened> open(String random) {
        return links.find(random).chain(link -> {
            if (link == null) {
                return Uni.createFrom().nullItem();
            }
            List<UUID> ids = link.targets().stream().map(Target::connectionId).toList();
            return connections.find(ids).chain(found -> tenants.get(link.tenantId())
                    .map(tenant -> new Opened(
                            link,
                            tenant,
                            found.stream().collect(Collectors.toMap(ConnectionView::id, Function.identity())))));
        });
    }

    private Uni<Response> unknown(Visitor visitor) {
        Language language = visitor.language(null);
        Texts texts = language.texts();
        return responses.plain(404, language, texts.unknownLinkTitle(), texts.unknownLinkText());
    }

    private Uni<Response> landing(String link, Opened opened, Visitor visitor) {
        Language language = visitor.language(opened.contactLocale());
        String browser = visitor.browser() == null ? cookie.fresh() : visitor.browser();
        return consentOrigins(opened).chain(origins -> unclaimed
                .ofBrowser(browser)
                .map(waiting -> page(link, opened, language, browser, waiting))
                .chain(page -> responses.livePage(Page.Templates.connect(page), page.frame(), origins))
                .map(response -> response.cookie(cookie.write(browser)).build()));
    }

    /** Browsers apply form-action to redirects too: the page names where its button ends up. */
    private Uni<List<String>> consentOrigins(Opened opened) {
        return Multi.createFrom()
                .iterable(opened.connections().values())
                .onItem()
                .transformToUniAndConcatenate(start::origin)
                .collect()
                .asList();
    }

    private Landing page(String link, Opened opened, Language language, String browser, @Nullable Unclaimed waiting) {
        Texts texts = language.texts();
        TenantView tenant = opened.tenant();
        List<Entry> entries = new ArrayList<>();
        List<Target> targets = opened.byRegion();
        Target next = targets.stream()
                .filter(target -> isOpen(target, opened))
                .findFirst()
                .orElse(null);
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            Region region = connection(opened, target).region();
            boolean begins = i == 0 || connection(opened, targets.get(i - 1)).region() != region;
            entries.add(entry(
                    link,
                    opened,
                    target,
                    language,
                    browser,
                    begins && opened.severalRegions() ? texts.region(region.name()) : null,
                    target.equals(next),
                    claim(link, target, opened, texts, browser, waiting)));
        }
        boolean advertising = opened.connections().values().stream()
                .allMatch(connection -> connection.provider() == Provider.AMAZON_ADS);
        boolean vendors = opened.connections().values().stream()
                .allMatch(connection -> connection.provider() == Provider.AMAZON_VENDOR);
        boolean renewal = opened.link().targets().stream().anyMatch(target -> target.generation() > 0);
        return new Landing(
                new Frame(language.tag(), texts, tenant, null),
                renewal ? texts.renewTitle() : texts.connectTitle(),
                vendors ? vendorLead(texts, tenant, renewal) : lead(texts, tenant, renewal, advertising),
                entries,
                vendors ? vendorAdvice(texts) : advice(texts, advertising),
                "/connect/" + link + "/events");
    }

    /** Where this browser consented before anybody knew whose consent it is, and it fits: the way to use it. */
    private @Nullable Claim claim(
            String link, Target target, Opened opened, Texts texts, String browser, @Nullable Unclaimed waiting) {
        if (waiting == null
                || !isOpen(target, opened)
                || !UnclaimedAdoption.fits(waiting, connection(opened, target))) {
            return null;
        }
        String store = waiting.accountName() == null
                ? waiting.accountId()
                : waiting.accountName() + " (" + waiting.accountId() + ")";
        return new Claim(
                "/connect/" + link + "/claim",
                texts.claim(store),
                Randomness.formToken(
                        browser, ClaimResource.form(link, target.connectionId().toString())));
    }

    private static String vendorLead(Texts texts, TenantView tenant, boolean renewal) {
        return renewal
                ? texts.renewVendorLead(tenant.integrator(), tenant.name())
                : texts.connectVendorLead(tenant.integrator(), tenant.name());
    }

    private static List<String> vendorAdvice(Texts texts) {
        return List.of(
                texts.adviceVendor(),
                texts.advicePrimaryUser(),
                texts.adviceSessions(),
                texts.advicePopUps(),
                texts.adviceCheckbox(),
                texts.adviceReturn());
    }

    private static String lead(Texts texts, TenantView tenant, boolean renewal, boolean advertising) {
        if (advertising) {
            return renewal
                    ? texts.renewAdvertisingLead(tenant.integrator(), tenant.name())
                    : texts.connectAdvertisingLead(tenant.integrator(), tenant.name());
        }
        return renewal
                ? texts.renewLead(tenant.integrator(), tenant.name())
                : texts.connectLead(tenant.integrator(), tenant.name());
    }

    private static List<String> advice(Texts texts, boolean advertising) {
        return advertising
                ? List.of(
                        texts.adviceAdvertiser(),
                        texts.adviceSessions(),
                        texts.advicePopUps(),
                        texts.adviceCheckbox(),
                        texts.adviceReturn())
                : List.of(
                        texts.adviceAccount(),
                        texts.advicePrimaryUser(),
                        texts.advicePlan(),
                        texts.adviceSessions(),
                        texts.advicePopUps(),
                        texts.adviceCheckbox(),
                        texts.adviceReturn());
    }

    private Entry entry(
            String link,
            Opened opened,
            Target target,
            Language language,
            String browser,
            @Nullable String heading,
            boolean next,
            @Nullable Claim claim) {
        Texts texts = language.texts();
        ConnectionView connection = connection(opened, target);
        String account = connection.accountName() != null
                ? connection.accountName()
                : connection.requiredAccountId() != null ? connection.label() : texts.anyAccount();
        Instant end = connection.endsAt();
        boolean ended = end != null && !clock.instant().isBefore(end);
        return new Entry(
                connection.id(),
                connection.label(),
                connection.reference(),
                account,
                texts.accountId(connection.provider().name()),
                connection.requiredAccountId(),
                connection.provider() == Provider.AMAZON_ADS
                        ? connection.region().name()
                        : connection.consentMarketplace().name(),
                end == null ? null : ended ? texts.endedOn() : texts.validUntil(),
                end == null ? null : language.date(end),
                isOpen(target, opened),
                note(target, opened, texts),
                Randomness.formToken(browser, form(link, connection.id().toString())),
                heading,
                connection.generation() > target.generation() && connection.usable(),
                next,
                claim,
                isOpen(target, opened) && RenewedResource.isRenewable(connection)
                        ? new Renewed(
                                "/connect/" + link + "/renewed",
                                Randomness.formToken(
                                        browser,
                                        RenewedResource.form(
                                                link, connection.id().toString())))
                        : null);
    }

    private @Nullable String note(Target target, Opened opened, Texts texts) {
        ConnectionView connection = connection(opened, target);
        if (connection.state() == ConnectionStatus.DISCONNECTED) {
            return texts.connectionGone();
        }
        if (connection.generation() != target.generation()) {
            // What it was used for may have ended since.
            return connection.state().needsConsent()
                    ? texts.linkEnded()
                    : texts.alreadyConnected() + ". " + texts.nothingToDo();
        }
        if (connection.consentReview() != null) {
            return texts.reviewTitle() + ". " + texts.reviewFormer();
        }
        return isOpen(target, opened) ? null : texts.linkEnded();
    }

    private boolean isOpen(Target target, Opened opened) {
        ConnectionView connection = connection(opened, target);
        return connection.state() != ConnectionStatus.DISCONNECTED
                && connection.generation() == target.generation()
                && (connection.endsAt() == null || inTime(opened.link(), connection.endsAt()));
    }

    /** Whoever asks for a link long after the end gets one that works as long as those that were mailed before it. */
    private boolean inTime(ConsentLink link, Instant end) {
        Instant from = end.isAfter(link.createdAt()) ? end : link.createdAt();
        return clock.instant().isBefore(from.plus(config.linkAfterEnd()));
    }

    private static ConnectionView connection(Opened opened, Target target) {
        return Objects.requireNonNull(opened.connections().get(target.connectionId()));
    }

    private static String form(String link, String connection) {
        return "start\n" + link + "\n" + connection;
    }
}
