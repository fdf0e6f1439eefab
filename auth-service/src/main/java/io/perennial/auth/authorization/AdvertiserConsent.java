package io.perennial.auth.authorization;

import io.perennial.auth.application.AppView;
import io.perennial.auth.authorization.Ruling.Account;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.profile.Profiles;
import io.perennial.auth.token.CandidateProbe;
import io.perennial.auth.token.CandidateProbe.Verdict;
import io.perennial.auth.token.amazon.AdvertisingProfile;
import io.perennial.auth.token.amazon.CodeVerifier;
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
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Advertisers: Login with Amazon's own consent page, and an account that only the profiles behind the new token tell.
 *
 * <p>It is the same account if one of the profiles that the connection is for is among them. The others are shown as lost.
 */
@ApplicationScoped
class AdvertiserConsent implements ProviderConsent {
    /** What the guard says on a consent that opens none of the connection's profiles. */
    static final String PROFILES = "PROFILES";

    /** Why a consent that opens nothing at all is of no use. */
    static final String NO_PROFILES = "NO_PROFILES";

    private static final String CODE = "code";

    private final Connections connections;
    private final CandidateProbe probe;
    private final Profiles profiles;

    AdvertiserConsent(Connections connections, CandidateProbe probe, Profiles profiles) {
        this.connections = connections;
        this.probe = probe;
        this.profiles = profiles;
    }

    @Override
    public boolean leadsTo(Provider provider) {
        return provider == Provider.AMAZON_ADS;
    }

    @Override
    public URI place(ConnectionView connection, AppView app) {
        return URI.create(app.authorization(connection.region()));
    }

    @Override
    public URI page(ConnectionView connection, AppView app, Ticket ticket) {
        return UriBuilder.fromUri(place(connection, app))
                .queryParam("client_id", "{client}")
                .queryParam("scope", "{scope}")
                .queryParam("response_type", CODE)
                .queryParam("redirect_uri", "{redirect}")
                .queryParam("state", "{state}")
                .queryParam("code_challenge", "{challenge}")
                .queryParam("code_challenge_method", "S256")
                .buildFromEncoded(
                        encoded(app.clientId()),
                        encoded(Objects.requireNonNull(app.scope())),
                        encoded(app.redirectUri()),
                        encoded(ticket.state()),
                        encoded(verifier(ticket).challenge()));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static CodeVerifier verifier(Ticket ticket) {
        return CodeVerifier.of(ticket.browser(), ticket.state());
    }

    @Override
    public String codeParameter() {
        return CODE;
    }

    @Override
    public @Nullable CallbackAnswer read(CallbackParameters parameters, Ticket ticket) {
        String code = parameters.get(CODE);
        return code.isBlank() ? null : new CallbackAnswer(new AuthorizationCode(code), null, verifier(ticket));
    }

    @Override
    public Uni<Ruling> rule(Attempt attempt, ConnectionView connection) {
        UUID candidate = Objects.requireNonNull(attempt.grantId());
        return probe.probe(candidate).chain(verdict -> {
            if (verdict instanceof Verdict.Opens opens) {
                return profiles.remember(candidate, opens.profiles()).chain(() -> weigh(connection, opens.profiles()));
            }
            return Uni.createFrom()
                    .item(verdict instanceof Verdict.Useless ? new Ruling.Useless() : new Ruling.Undecided());
        });
    }

    private Uni<Ruling> weigh(ConnectionView connection, List<AdvertisingProfile> opened) {
        if (opened.isEmpty()) {
            return Uni.createFrom().item(new Ruling.OpensNothing(NO_PROFILES));
        }
        Account offered = Advertiser.of(opened);
        return connection.generation() > 0
                ? profiles.known(connection.id()).map(known -> renewed(connection, opened, offered, known))
                : first(connection, opened, offered);
    }

    private static Ruling renewed(
            ConnectionView connection, List<AdvertisingProfile> opened, Account offered, Set<String> known) {
        String account = Objects.requireNonNull(connection.accountId());
        boolean same = known.isEmpty()
                ? Advertiser.includes(opened, account)
                : opened.stream().anyMatch(profile -> known.contains(profile.id()));
        // The account keeps its id, whatever the login may edit besides: consumers know it by that.
        return same
                ? new Ruling.Accepted(new Account(account, connection.accountName(), offered.marketplaces()))
                : new Ruling.WrongAccount(offered.id(), PROFILES);
    }

    private Uni<Ruling> first(ConnectionView connection, List<AdvertisingProfile> opened, Account offered) {
        String expected = connection.expectedAccountId();
        if (expected != null && !Advertiser.includes(opened, expected)) {
            return Uni.createFrom().item(new Ruling.WrongAccount(offered.id(), "ACCOUNT_ID"));
        }
        return holder(connection, opened, offered).map(holder -> {
            if (holder != null) {
                return new Ruling.HeldElsewhere(offered.id(), holder);
            }
            return expected == null ? new Ruling.Unconfirmed(offered) : new Ruling.Accepted(offered);
        });
    }

    private Uni<@Nullable UUID> holder(ConnectionView connection, List<AdvertisingProfile> opened, Account offered) {
        List<String> ids = opened.stream().map(AdvertisingProfile::id).toList();
        return connections
                .holder(connection, offered.id())
                .chain(holder -> holder == null
                        ? profiles.holderOfAll(connection, ids)
                        : Uni.createFrom().item(holder));
    }
}
