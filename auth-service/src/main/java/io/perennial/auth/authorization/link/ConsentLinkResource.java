package io.perennial.auth.authorization.link;

import io.perennial.auth.application.Apps;
import io.perennial.auth.audit.ForeignIds;
import io.perennial.auth.authorization.link.ConsentLinks.Issued;
import io.perennial.auth.authorization.link.ConsentLinks.Order;
import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.perennial.auth.connection.ConnectionProblem;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.request.Fields;
import io.perennial.auth.tenant.TenantView;
import io.perennial.auth.tenant.Tenants;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.service.Caller;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /api/consent-links}: links to a landing page for one or several connections of one merchant. */
@Path("/api/consent-links")
public class ConsentLinkResource {
    private static final int MAX_CONNECTIONS = 50;

    private final ConsentLinks links;
    private final Connections connections;
    private final Tenants tenants;
    private final Apps apps;
    private final ForeignIds foreign;
    private final Caller caller;

    ConsentLinkResource(
            ConsentLinks links,
            Connections connections,
            Tenants tenants,
            Apps apps,
            ForeignIds foreign,
            Caller caller) {
        this.links = links;
        this.connections = connections;
        this.tenants = tenants;
        this.apps = apps;
        this.foreign = foreign;
        this.caller = caller;
    }

    /** Which connections, and where the merchant may go afterwards. */
    public record LinkRequest(@Nullable List<UUID> connections, @Nullable String returnUrl) {
        List<UUID> check() {
            Fields fields = new Fields();
            fields.required("connections", connections);
            List<UUID> wanted = fields.list("connections", connections, MAX_CONNECTIONS);
            if (connections != null && connections.isEmpty()) {
                fields.reject("connections", "must not be empty");
            }
            fields.verify();
            return wanted;
        }
    }

    /** The link; its address is shown this once. */
    public record LinkAnswer(UUID id, String url) {
        @Override
        public String toString() {
            return "LinkAnswer[" + id + "]";
        }
    }

    @POST
    @RolesAllowed({"admin", "operator"})
    public Uni<RestResponse<LinkAnswer>> issue(
            LinkRequest request, @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
        List<UUID> wanted = request.check();
        foreign.connections(wanted);
        String actor = caller.id();
        String[] visible = caller.tenants();
        @Nullable IdempotencyKey key = IdempotencyKey.of(idempotencyKey, request);
        // A link is shown again to nobody who may not see its connections now.
        return connections
                .find(wanted, visible)
                .chain(found -> issue(wanted, found, request.returnUrl(), actor, key))
                .map(ConsentLinkResource::answer);
    }

    private Uni<Issued> issue(
            List<UUID> wanted,
            List<ConnectionView> found,
            @Nullable String returnUrl,
            String actor,
            @Nullable IdempotencyKey key) {
        String tenantId = tenantOf(wanted, found);
        return links.replay(actor, tenantId, key)
                .chain(known -> known != null
                        ? Uni.createFrom().item(known)
                        : order(tenantId, wanted, found, returnUrl, actor).chain(order -> links.issue(order, key)))
                .onFailure(failure -> Constraints.violates(failure, "consent_link_idempotency"))
                .recoverWithUni(() -> links.replay(actor, tenantId, key).map(Objects::requireNonNull));
    }

    private static RestResponse<LinkAnswer> answer(Issued issued) {
        return RestResponse.ResponseBuilder.create(
                        RestResponse.Status.CREATED, new LinkAnswer(issued.id(), issued.url()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static String tenantOf(List<UUID> wanted, List<ConnectionView> found) {
        Set<UUID> known = found.stream().map(ConnectionView::id).collect(Collectors.toSet());
        Fields fields = new Fields();
        for (int i = 0; i < wanted.size(); i++) {
            if (!known.contains(wanted.get(i))) {
                fields.reject("connections[" + i + "]", "must be a connection");
            }
        }
        fields.verify();
        if (found.stream().map(ConnectionView::tenantId).distinct().count() > 1) {
            throw ProblemException.invalidField("connections", "must belong to one tenant");
        }
        return found.get(0).tenantId();
    }

    private Uni<Order> order(
            String tenantId, List<UUID> wanted, List<ConnectionView> found, @Nullable String returnUrl, String actor) {
        if (found.stream().anyMatch(connection -> connection.state() == ConnectionStatus.DISCONNECTED)) {
            throw new ProblemException(StandardProblem.CONFLICT, "A connection was given up.");
        }
        Map<UUID, ConnectionView> byId =
                found.stream().collect(Collectors.toMap(ConnectionView::id, Function.identity()));
        List<Target> targets = wanted.stream()
                .map(id -> new Target(id, Objects.requireNonNull(byId.get(id)).generation()))
                .toList();
        return requireInUse(found).chain(() -> tenants.get(tenantId)).map(tenant -> {
            checkReturnUrl(tenant, returnUrl);
            return new Order(tenantId, targets, returnUrl, actor);
        });
    }

    /** A link that leads to a page saying "paused" helps nobody: who asks for it is told now. */
    private Uni<Void> requireInUse(List<ConnectionView> found) {
        return apps.anySuspended(
                        found.stream().map(ConnectionView::app).distinct().toList())
                .invoke(suspended -> {
                    if (suspended) {
                        throw new ProblemException(
                                ConnectionProblem.APP_SUSPENDED,
                                "The application is suspended: nobody can authorize it until it is resumed.");
                    }
                })
                .replaceWithVoid();
    }

    private static void checkReturnUrl(TenantView tenant, @Nullable String returnUrl) {
        if (returnUrl != null && !isWayBack(returnUrl, tenant.returnUrls())) {
            throw ProblemException.invalidField("returnUrl", "must be one that is registered for the tenant");
        }
    }

    /** The text itself: two addresses that only mean the same are two. */
    static boolean isWayBack(String returnUrl, List<String> registered) {
        return registered.contains(returnUrl);
    }
}
