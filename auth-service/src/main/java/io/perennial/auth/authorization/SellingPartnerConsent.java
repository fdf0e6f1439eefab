package io.perennial.auth.authorization;

import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Marketplace;
import io.perennial.auth.authorization.guard.AccountGuard;
import io.perennial.auth.authorization.guard.Finding;
import io.perennial.auth.authorization.guard.GuardConfig;
import io.perennial.auth.authorization.guard.KnownOrders;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.connection.request.NewConnection;
import io.perennial.auth.token.CandidateProbe;
import io.perennial.auth.token.CandidateProbe.Verdict;
import io.perennial.auth.token.amazon.Participation;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.Provider;
import io.perennial.secret.AuthorizationCode;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sellers and vendors: the consent page of a Seller or Vendor Central, and an account that the callback names. */
@ApplicationScoped
class SellingPartnerConsent implements ProviderConsent {
    private static final String CODE = "spapi_oauth_code";

    private final Connections connections;
    private final CandidateProbe probe;
    private final KnownOrders orders;
    private final GuardConfig guard;
    private final DomainClock clock;

    SellingPartnerConsent(
            Connections connections, CandidateProbe probe, KnownOrders orders, GuardConfig guard, DomainClock clock) {
        this.connections = connections;
        this.probe = probe;
        this.orders = orders;
        this.guard = guard;
        this.clock = clock;
    }

    @Override
    public boolean leadsTo(Provider provider) {
        return provider == Provider.AMAZON_SELLER || provider == Provider.AMAZON_VENDOR;
    }

    @Override
    public URI place(ConnectionView connection, AppView app) {
        return URI.create(app.authorizationBase(connection.consentMarketplace()));
    }

    @Override
    public URI page(ConnectionView connection, AppView app, Ticket ticket) {
        return page(app, connection.consentMarketplace(), ticket.state());
    }

    /** The consent page of a marketplace for an application. */
    static URI page(AppView app, Marketplace marketplace, String state) {
        UriBuilder page = UriBuilder.fromUri(app.authorizationBase(marketplace))
                .path("apps/authorize/consent")
                .queryParam("application_id", "{application}")
                .queryParam("state", "{state}")
                .queryParam("redirect_uri", "{redirect}");
        if (app.draft()) {
            page.queryParam("version", "beta");
        }
        return page.buildFromEncoded(encoded(app.applicationId()), encoded(state), encoded(app.redirectUri()));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public String codeParameter() {
        return CODE;
    }

    @Override
    public @Nullable CallbackAnswer read(CallbackParameters parameters, Ticket ticket) {
        String account = parameters.get("selling_partner_id");
        String code = parameters.get(CODE);
        return NewConnection.ACCOUNT_ID.matcher(account).matches() && !code.isBlank()
                ? new CallbackAnswer(new AuthorizationCode(code), account, null)
                : null;
    }

    @Override
    public Uni<Ruling> rule(Attempt attempt, ConnectionView connection) {
        String account = Objects.requireNonNull(attempt.accountId());
        Finding finding = AccountGuard.byId(connection.requiredAccountId(), account);
        if (finding != Finding.MATCHES) {
            return Uni.createFrom().item(new Ruling.WrongAccount(account, finding.name()));
        }
        return connections
                .holder(connection, account)
                .chain(holder -> holder != null
                        ? Uni.createFrom().item(new Ruling.HeldElsewhere(account, holder))
                        : tryOut(attempt, connection, account));
    }

    private Uni<Ruling> tryOut(Attempt attempt, ConnectionView connection, String account) {
        return orders.of(connection.id())
                .chain(order -> probe.probe(Objects.requireNonNull(attempt.grantId()), order))
                .map(verdict -> {
                    if (verdict instanceof Verdict.Works works) {
                        return weigh(attempt, connection, account, works);
                    }
                    return verdict instanceof Verdict.Useless ? new Ruling.Useless() : new Ruling.Undecided();
                });
    }

    private Ruling weigh(Attempt attempt, ConnectionView connection, String account, Verdict.Works seen) {
        Finding finding = AccountGuard.byEvidence(AccountGuard.Expected.of(connection), seen);
        if (finding.contradicts()) {
            return new Ruling.WrongAccount(account, finding.name());
        }
        if (finding == Finding.UNDECIDED
                && clock.instant().isBefore(attempt.startedAt().plus(guard.patience()))) {
            return new Ruling.Undecided();
        }
        Ruling.Account offered = seen.store() instanceof Participation.Known store
                ? new Ruling.Account(account, store.storeName(), store.marketplaces())
                : new Ruling.Account(account, null, List.of());
        if (finding != Finding.MATCHES) {
            return new Ruling.Unproven(offered);
        }
        return connection.requiredAccountId() == null ? new Ruling.Unconfirmed(offered) : new Ruling.Accepted(offered);
    }
}
