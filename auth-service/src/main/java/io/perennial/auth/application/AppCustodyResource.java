package io.perennial.auth.application;

import io.perennial.clock.DomainClock;
import io.perennial.service.Caller;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of an application, which go in and never come out, and the switch that stops its use. All tenants use it:
 * whoever may not act for all changes nothing.
 */
@Path("/api/apps/{id}")
public class AppCustodyResource {
    private final Apps apps;
    private final AppSecrets secrets;
    private final Suspension suspension;
    private final Caller caller;
    private final DomainClock clock;

    AppCustodyResource(Apps apps, AppSecrets secrets, Suspension suspension, Caller caller, DomainClock clock) {
        this.apps = apps;
        this.secrets = secrets;
        this.suspension = suspension;
        this.caller = caller;
        this.clock = clock;
    }

    /** What is recorded about the secrets, newest first. */
    public record SecretList(List<SecretView> items) {}

    @GET
    @Path("secrets")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<SecretList> secrets(UUID id) {
        return apps.find(id).chain(() -> secrets.list(id)).map(SecretList::new);
    }

    @POST
    @Path("secrets")
    @RolesAllowed("admin")
    public Uni<RestResponse<SecretView>> add(
            UUID id, SecretRequest request, @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
        caller.requireAllTenants();
        request.check(clock.instant());
        return secrets.add(
                        id, request, caller.id(), IdempotencyKey.of(idempotencyKey, id + "\n" + request.fingerprint()))
                .map(secret -> RestResponse.ResponseBuilder.<SecretView>created(
                                URI.create("/api/apps/" + id + "/secrets/" + secret.version()))
                        .entity(secret)
                        .build());
    }

    @DELETE
    @Path("secrets/{version}")
    @RolesAllowed("admin")
    public Uni<Void> withdraw(UUID id, int version) {
        caller.requireAllTenants();
        return secrets.withdraw(id, version, caller.id());
    }

    @POST
    @Path("suspend")
    @RolesAllowed("admin")
    public Uni<AppView> suspend(UUID id) {
        caller.requireAllTenants();
        return suspension.suspend(id, caller.id()).chain(() -> apps.find(id));
    }

    @POST
    @Path("resume")
    @RolesAllowed("admin")
    public Uni<AppView> resume(UUID id) {
        caller.requireAllTenants();
        return suspension.resume(id, caller.id()).chain(() -> apps.find(id));
    }
}
