package io.perennial.auth.application;

import io.perennial.contracts.Provider;
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
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/apps}: applications at the provider. Their secrets are write-only. All tenants use them: whoever may not act
 * for all changes nothing.
 */
@Path("/api/apps")
public class AppResource {
    private final Apps apps;
    private final Caller caller;
    private final Mode mode;
    private final URI publicUrl;

    AppResource(
            Apps apps,
            Caller caller,
            Mode mode,
            @ConfigProperty(name = "perennial.public.url", defaultValue = "http://localhost:8081") URI publicUrl) {
        this.apps = apps;
        this.caller = caller;
        this.mode = mode;
        this.publicUrl = publicUrl;
    }

    /** All applications. */
    public record AppList(List<AppView> items) {}

    /** What each provider's applications begin with. */
    public record Presets(List<Preset> items) {}

    /** The return URLs to register at the providers, and the providers' addresses that are used unless told otherwise. */
    @GET
    @Path("presets")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Presets presets() {
        return new Presets(Arrays.stream(Provider.values())
                .map(provider -> Preset.of(provider, publicUrl))
                .toList());
    }

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
        caller.requireAllTenants();
        request.checkNew(mode == Mode.SANDBOX);
        return apps.create(request, publicUrl, caller.id(), IdempotencyKey.of(idempotencyKey, request.fingerprint()))
                .map(app -> RestResponse.ResponseBuilder.<AppView>created(URI.create("/api/apps/" + app.id()))
                        .entity(app)
                        .build());
    }

    @PATCH
    @Path("{id}")
    @RolesAllowed("admin")
    public Uni<AppView> change(UUID id, AppRequest request) {
        caller.requireAllTenants();
        return apps.find(id).chain(app -> {
            request.checkChange(app.provider(), mode == Mode.SANDBOX);
            return apps.change(id, request, caller.id());
        });
    }
}
