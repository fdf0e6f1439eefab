package io.perennial.auth.connection;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.audit.ForeignIds;
import io.perennial.auth.connection.request.ConnectionChange;
import io.perennial.auth.connection.request.ConnectionFilter;
import io.perennial.auth.connection.request.NewConnection;
import io.perennial.service.Caller;
import io.perennial.service.IdempotencyKey;
import io.perennial.service.PageCursor;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /api/connections}. */
@Path("/api/connections")
public class ConnectionResource {
    private static final int HISTORY = 200;

    private final Connections connections;
    private final AuditTrail audit;
    private final ForeignIds foreign;
    private final Caller caller;

    ConnectionResource(Connections connections, AuditTrail audit, ForeignIds foreign, Caller caller) {
        this.connections = connections;
        this.audit = audit;
        this.foreign = foreign;
        this.caller = caller;
    }

    /** One page of connections, latest first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConnectionPage(List<ConnectionView> items, @Nullable String next) {}

    /** What happened to a connection, latest first. */
    public record History(List<HistoryLine> items) {}

    /** One line of a history. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HistoryLine(
            Instant at,
            String kind,
            String actor,
            @Nullable Integer generation,
            @Nullable String from,
            @Nullable String to,
            @Nullable String reason) {
        static HistoryLine of(AuditLine line) {
            return new HistoryLine(
                    line.occurredAt(),
                    line.kind().name(),
                    line.actor(),
                    line.generation(),
                    line.fromState(),
                    line.toState(),
                    line.reason());
        }
    }

    @GET
    @RolesAllowed({"admin", "operator", "viewer", "token-reader", "link-issuer"})
    public Uni<ConnectionPage> list(@BeanParam ConnectionFilter filter) {
        int limit = filter.limit();
        return connections.list(filter, caller.tenants()).map(found -> page(found, limit));
    }

    private static ConnectionPage page(List<ConnectionView> found, int limit) {
        if (found.size() <= limit) {
            return new ConnectionPage(found, null);
        }
        List<ConnectionView> items = found.subList(0, limit);
        return new ConnectionPage(items, PageCursor.encode(items.get(limit - 1).id()));
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"admin", "operator", "viewer", "token-reader", "link-issuer"})
    public Uni<ConnectionView> get(UUID id) {
        return connections.get(id, caller.tenants());
    }

    @GET
    @Path("{id}/history")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<History> history(UUID id) {
        return connections
                .get(id, caller.tenants())
                .chain(() -> audit.ofConnection(id, HISTORY))
                .map(lines -> new History(lines.stream().map(HistoryLine::of).toList()));
    }

    @POST
    @RolesAllowed({"admin", "operator"})
    public Uni<RestResponse<ConnectionView>> create(
            NewConnection request, @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
        request.check();
        foreign.tenant(request.tenantId());
        caller.requireTenant("tenantId", String.valueOf(request.tenantId()));
        return connections
                .create(request, caller.id(), IdempotencyKey.of(idempotencyKey, request.fingerprint()))
                .map(created -> RestResponse.ResponseBuilder.<ConnectionView>created(
                                URI.create("/api/connections/" + created.id()))
                        .entity(created)
                        .build());
    }

    @PATCH
    @Path("{id}")
    @RolesAllowed({"admin", "operator"})
    public Uni<ChangedConnection> change(UUID id, ConnectionChange change) {
        change.check();
        return connections
                .change(id, change, caller.id(), caller.tenants())
                .map(changed -> ChangedConnection.of(changed, change.endsAt()));
    }

    @DELETE
    @Path("{id}")
    @RolesAllowed({"admin", "operator"})
    public Uni<Void> disconnect(UUID id) {
        return connections.disconnect(id, caller.id(), caller.tenants());
    }
}
