package io.perennial.sandbox.application;

import io.perennial.sandbox.control.Refusal;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Objects;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/sandbox/apps")
class ApplicationResource {

    record Registration(
            @Nullable String name,
            @Nullable List<String> redirectUris,
            @Nullable String loginUri,
            @Nullable Boolean published,
            Application.@Nullable Kind kind,
            @Nullable Boolean secretEnds) {}

    private final Applications applications;

    ApplicationResource(Applications applications) {
        this.applications = applications;
    }

    /** The default application comes first. */
    @GET
    public List<Application> all() {
        return applications.all();
    }

    @POST
    @ResponseStatus(201)
    public Application register(@Nullable Registration registration) {
        if (registration == null
                || registration.name() == null
                || registration.name().isBlank()) {
            throw Refusal.badRequest("name is missing");
        }
        List<String> redirectUris = Objects.requireNonNullElse(registration.redirectUris(), List.of());
        redirectUris.forEach(uri -> check("redirectUris", uri));
        if (registration.loginUri() != null) {
            check("loginUri", registration.loginUri());
        }
        return applications.register(new Applications.Described(
                registration.name(),
                redirectUris,
                registration.loginUri(),
                Objects.requireNonNullElse(registration.published(), false),
                Objects.requireNonNullElse(registration.kind(), Application.Kind.SP_API),
                Objects.requireNonNullElse(registration.secretEnds(), false)));
    }

    @POST
    @Path("/{id}/publish")
    public void publish(String id) {
        if (!applications.publish(id)) {
            throw Refusal.notFound("no application " + id);
        }
    }

    /** Makes a new client secret; the former one is good for seven more days. */
    @POST
    @Path("/{id}/rotate-secret")
    public Application rotate(String id) {
        return applications.rotate(id).orElseThrow(() -> Refusal.notFound("no application " + id));
    }

    private static void check(String field, String uri) {
        RedirectUriRule.violation(uri).ifPresent(violation -> {
            throw Refusal.badRequest(field + ": " + uri + " " + violation);
        });
    }
}
