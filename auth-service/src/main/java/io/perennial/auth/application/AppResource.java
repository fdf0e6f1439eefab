package io.perennial.auth.application;

import io.perennial.service.Caller;
import io.perennial.service.IdempotencyKey;
import io.perennial.service.Mode;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /api/apps}: applications at the provider. Their secrets are write-only. */
@Path("/api/apps")
public class AppResource {
    private final Apps apps;
    private final Caller caller;
    private final Mode mode;

    AppResource(Apps apps, Caller caller, Mode mode) {
        this.apps = apps;
        this.caller = caller;
        this.mode = mode;
    }

    /** All applications. */
    public record AppList(List<AppView> items) {}

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<AppList> list() {
        return apps.list().map(AppList::new);
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<AppView> get(UUID id) {
        return apps.find(id);
    }

    @POST
    @RolesAllowed("admin")
    public Uni<RestResponse<AppView>> create(
            AppRequest request, @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
        request.checkNew(mode == Mode.SANDBOX);
        return apps.create(request, caller.id(), IdempotencyKey.of(idempotencyKey, request.fingerprint()))
                .map(app -> RestResponse.ResponseBuilder.<AppView>created(URI.create("/api/apps/" + app.id()))
                        .entity(app)
                        .build());
    }

    @PATCH
    @Path("{id}")
    @RolesAllowed("admin")
    public Uni<AppView> change(UUID id, AppRequest request) {
        request.checkChange(mode == Mode.SANDBOX);
        return apps.change(id, request, caller.id());
    }
}
