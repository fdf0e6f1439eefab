package io.perennial.auth.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.audit.TokenReads;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.token.TokenBroker.Access;
import io.perennial.auth.token.TokenBroker.Outcome;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.problem.ProblemException;
import io.perennial.secret.SecretAccess;
import io.perennial.service.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Access tokens for services, and probes on demand. */
@Path("/api/connections/{id}")
public class AccessTokenResource {
    private static final Duration READS_SHOWN = Duration.ofDays(7);
    private static final int MOST_READS = 1_000;

    private final TokenBroker broker;
    private final Connections connections;
    private final TokenReads reads;
    private final Caller caller;
    private final DomainClock clock;

    AccessTokenResource(
            TokenBroker broker, Connections connections, TokenReads reads, Caller caller, DomainClock clock) {
        this.broker = broker;
        this.connections = connections;
        this.reads = reads;
        this.caller = caller;
        this.clock = clock;
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

    /** Who was given access tokens of a connection, latest first. */
    public record ReadList(List<TokenReads.Line> items) {}

    /** What a probe showed and where the connection stands now. */
    public record ProbeAnswer(ConnectionStatus state, int generation, Outcome result) {}

    @POST
    @Path("access-token")
    @RolesAllowed("token-reader")
    public Uni<RestResponse<AccessTokenAnswer>> accessToken(UUID id) {
        String consumer = caller.id();
        return broker.access(id, caller.tenants())
                .invoke(access -> reads.count(consumer, access.grant().tenantId(), id))
                .map(access -> RestResponse.ResponseBuilder.ok(answer(access))
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

    @GET
    @Path("token-reads")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<ReadList> reads(
            UUID id, @QueryParam("from") @Nullable String from, @QueryParam("to") @Nullable String to) {
        Instant now = clock.instant();
        Instant begin = instant("from", from, now.minus(READS_SHOWN));
        Instant end = instant("to", to, now.plusSeconds(60));
        return connections
                .get(id, caller.tenants())
                .chain(() -> reads.ofConnection(id, begin, end, MOST_READS))
                .map(ReadList::new);
    }

    private static Instant instant(String field, @Nullable String text, Instant otherwise) {
        try {
            return text == null ? otherwise : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw ProblemException.invalidField(field, "must be a time such as 2026-01-31T00:00:00Z");
        }
    }

    private static AccessTokenAnswer answer(Access access) {
        OpenGrant grant = access.grant();
        return new AccessTokenAnswer(
                access.token().reveal(SecretAccess.forTheWire()),
                access.expiresAt(),
                grant.generation(),
                grant.app(),
                Objects.requireNonNull(grant.accountId()),
                grant.provider(),
                grant.region(),
                grant.marketplaces(),
                grant.api(),
                grant.provider() == Provider.AMAZON_ADS ? grant.clientId() : null);
    }
}
