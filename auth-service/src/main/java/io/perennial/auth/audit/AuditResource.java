package io.perennial.auth.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.service.Caller;
import io.perennial.service.PageCursor;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /api/audit}: who did what to which connection, from where, with what result. */
@Path("/api/audit")
public class AuditResource {
    private final AuditTrail trail;
    private final Caller caller;

    AuditResource(AuditTrail trail, Caller caller) {
        this.trail = trail;
        this.caller = caller;
    }

    /** One page of the trail, latest first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AuditPage(List<AuditView> items, @Nullable String next) {}

    /** One line of the trail; {@code id} grows. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AuditView(
            long id,
            Instant at,
            String kind,
            @Nullable String tenantId,
            @Nullable UUID connectionId,
            @Nullable Integer generation,
            String actor,
            @Nullable String origin,
            @Nullable String from,
            @Nullable String to,
            @Nullable String reason) {}

    /** Lines without a tenant (about applications, keys) are for callers who may see all tenants. */
    @GET
    @RolesAllowed({"admin", "operator"})
    public Uni<AuditPage> find(@BeanParam AuditFilter filter) {
        int limit = filter.limit();
        return trail.find(filter, caller.tenants(), limit + 1).map(found -> page(found, limit));
    }

    private static AuditPage page(List<AuditView> found, int limit) {
        if (found.size() <= limit) {
            return new AuditPage(found, null);
        }
        List<AuditView> items = found.subList(0, limit);
        return new AuditPage(items, PageCursor.encode(items.get(limit - 1).id()));
    }
}
