package io.perennial.auth.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.application.Apps;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.token.TokenBroker.Access;
import io.perennial.auth.token.TokenBroker.Outcome;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.secret.SecretAccess;
import io.perennial.service.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Access tokens for services, and probes on demand. */
@Path("/api/connections/{id}")
public class AccessTokenResource {
    private final TokenBroker broker;
    private final Connections connections;
    private final Apps apps;
    private final Caller caller;

    AccessTokenResource(TokenBroker broker, Connections connections, Apps apps, Caller caller) {
        this.broker = broker;
        this.connections = connections;
        this.apps = apps;
        this.caller = caller;
    }

    /**
     * An access token and where to use it. The one answer that carries a token; never logged.
     *
     * @param clientId the application's, where the provider wants it in a header beside the token
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AccessTokenAnswer(
            String accessToken,
            Instant expiresAt,
            int generation,
            UUID appId,
            String accountId,
            Provider provider,
            Region region,
            List<String> marketplaces,
            String apiEndpoint,
            @Nullable String clientId) {
        @Override
        public String toString() {
            return "AccessTokenAnswer[hidden]";
        }
    }

    /** What a probe showed and where the connection stands now. */
    public record ProbeAnswer(ConnectionStatus state, int generation, Outcome result) {}

    @POST
    @Path("access-token")
    @RolesAllowed("token-reader")
    public Uni<RestResponse<AccessTokenAnswer>> accessToken(UUID id) {
        return connections
                .get(id, caller.tenants())
                .chain(() -> broker.access(id))
                .chain(this::answer)
                .map(answer -> RestResponse.ResponseBuilder.ok(answer)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    @POST
    @Path("probe")
    @RolesAllowed({"admin", "operator", "token-reader"})
    public Uni<ProbeAnswer> probe(UUID id) {
        return connections
                .get(id, caller.tenants())
                .chain(() -> broker.probe(id))
                .map(probed -> new ProbeAnswer(probed.state(), probed.generation(), probed.outcome()));
    }

    private Uni<AccessTokenAnswer> answer(Access access) {
        OpenGrant grant = access.grant();
        return apps.get(grant.app())
                .map(app -> new AccessTokenAnswer(
                        access.token().reveal(SecretAccess.forTheWire()),
                        access.expiresAt(),
                        grant.generation(),
                        grant.app(),
                        Objects.requireNonNull(grant.accountId()),
                        grant.provider(),
                        grant.region(),
                        grant.marketplaces(),
                        app.api(grant.region()),
                        grant.provider() == Provider.AMAZON_ADS ? app.clientId() : null));
    }
}
