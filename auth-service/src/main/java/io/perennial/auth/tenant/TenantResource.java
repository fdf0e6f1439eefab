package io.perennial.auth.tenant;

import io.perennial.problem.ProblemException;
import io.perennial.service.Caller;
import io.perennial.service.Mode;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.List;

/** {@code /api/tenants}: the integrator's customers and their brand. */
@Path("/api/tenants")
public class TenantResource {
    private final Tenants tenants;
    private final Caller caller;
    private final Mode mode;

    TenantResource(Tenants tenants, Caller caller, Mode mode) {
        this.tenants = tenants;
        this.caller = caller;
        this.mode = mode;
    }

    /** The tenants that the caller may see. */
    public record TenantList(List<TenantView> items) {}

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<TenantList> list() {
        return tenants.list(caller.tenants()).map(TenantList::new);
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<TenantView> get(String id) {
        requireVisible(id);
        return tenants.find(List.of(id)).map(found -> {
            TenantView tenant = found.get(id);
            if (tenant == null) {
                throw ProblemException.notFound();
            }
            return tenant;
        });
    }

    @PUT
    @Path("{id}")
    @RolesAllowed({"admin", "operator"})
    public Uni<TenantView> put(String id, TenantDescription description) {
        requireVisible(id);
        if (!Tenants.ID.matcher(id).matches()) {
            throw ProblemException.notFound();
        }
        description.check(mode == Mode.SANDBOX);
        return tenants.describe(id, description, caller.id());
    }

    private void requireVisible(String id) {
        if (!caller.sees(id)) {
            throw ProblemException.notFound();
        }
    }
}
