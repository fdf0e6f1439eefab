package io.perennial.auth.authorization;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.authorization.CandidateAdoption.Adoptee;
import io.perennial.auth.connection.ConnectionProblem;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.connection.request.NewConnection;
import io.perennial.auth.request.Fields;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.auth.token.amazon.LwaTokenClient;
import io.perennial.auth.token.amazon.TokenAnswer;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.secret.RefreshToken;
import io.perennial.service.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/connections/{id}/self-authorization}: the refresh token that the owner of a private application made for
 * himself on Amazon's pages. Write-only; tried out before anything is stored.
 */
@Path("/api/connections/{id}/self-authorization")
public class SelfAuthorizationResource {
    /** Amazon's tokens have at most 2,048 bytes. */
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,2048}");

    private final Connections connections;
    private final Apps apps;
    private final LwaTokenClient lwa;
    private final CandidateAdoption adoption;
    private final Caller caller;
    private final DomainClock clock;

    SelfAuthorizationResource(
            Connections connections,
            Apps apps,
            LwaTokenClient lwa,
            CandidateAdoption adoption,
            Caller caller,
            DomainClock clock) {
        this.connections = connections;
        this.apps = apps;
        this.lwa = lwa;
        this.adoption = adoption;
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * The token, and whose it is: nobody can read that from it.
     *
     * @param accountId may be absent where the connection knows its account
     */
    public record PastedToken(@Nullable String refreshToken, @Nullable String accountId) {
        @Override
        public String toString() {
            return "PastedToken[hidden]";
        }

        private void check() {
            Fields fields = new Fields();
            fields.required("refreshToken", refreshToken);
            fields.optionalMatch("refreshToken", refreshToken, TOKEN, "must be a refresh token");
            fields.optionalMatch(
                    "accountId", accountId, NewConnection.ACCOUNT_ID, "must be capital letters and digits");
            fields.verify();
        }

        @JsonIgnore
        private RefreshToken token() {
            return new RefreshToken(Objects.requireNonNull(refreshToken));
        }
    }

    @POST
    @RolesAllowed({"admin", "operator"})
    public Uni<RestResponse<AdoptionAnswer>> accept(UUID id, PastedToken pasted) {
        pasted.check();
        String actor = caller.id();
        return connections.get(id, caller.tenants()).chain(connection -> apps.get(connection.app())
                .chain(app -> accept(connection, app, pasted, actor)));
    }

    private Uni<RestResponse<AdoptionAnswer>> accept(
            ConnectionView connection, AppView app, PastedToken pasted, String actor) {
        if (connection.state() == ConnectionStatus.DISCONNECTED) {
            throw new ProblemException(StandardProblem.CONFLICT, "The connection was given up.");
        }
        if (!app.isPrivate() || app.provider() == Provider.AMAZON_ADS) {
            throw new ProblemException(
                    StandardProblem.CONFLICT,
                    "Only private applications of the Selling Partner API authorize themselves.");
        }
        String account = pasted.accountId() != null ? pasted.accountId() : connection.requiredAccountId();
        if (account == null) {
            throw ProblemException.invalidField("accountId", "is required: a token does not tell whose it is");
        }
        Instant askedAt = clock.instant();
        return lwa.refresh(app.id(), connection.region(), pasted.token())
                .map(SelfAuthorizationResource::tokens)
                .chain(tokens -> adoption.adopt(
                        new Adoptee(
                                connection,
                                account,
                                tokens,
                                askedAt,
                                AuthorizationWay.SELF,
                                null,
                                null,
                                Locale.ENGLISH.getLanguage(),
                                actor,
                                AuditKind.SELF_AUTHORIZED),
                        session -> Uni.createFrom().item(true)))
                .chain(attempt -> AdoptionAnswer.of(Objects.requireNonNull(attempt), connections));
    }

    private static IssuedTokens tokens(TokenAnswer answer) {
        if (answer instanceof TokenAnswer.Granted granted) {
            return granted.tokens();
        }
        if (answer instanceof TokenAnswer.ConsentGone) {
            throw ProblemException.invalidField("refreshToken", "is refused by Amazon");
        }
        throw new ProblemException(
                ConnectionProblem.PROVIDER_UNAVAILABLE, ConnectionProblem.PROVIDER_UNAVAILABLE.title());
    }
}
