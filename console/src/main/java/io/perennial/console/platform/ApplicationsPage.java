package io.perennial.console.platform;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Notices;
import io.perennial.console.web.Visitor;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The applications at the provider: until when their secrets are good, a new secret, and the switch that stops their use. */
@Path("/applications")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
public class ApplicationsPage {
    private static final String PLACE = "applications";
    private static final int ALL_SECRETS = 3_650;

    private final Services services;
    private final Visitor visitor;
    private final SecurityIdentity identity;
    private final Frames frames;
    private final Notices notices;

    ApplicationsPage(Services services, Visitor visitor, SecurityIdentity identity, Frames frames, Notices notices) {
        this.services = services;
        this.visitor = visitor;
        this.identity = identity;
        this.frames = frames;
        this.notices = notices;
    }

    record All(Frame frame, List<ApplicationLine> apps, boolean mayChange, @Nullable Notice notice)
            implements TemplateInstance {}

    @GET
    public Uni<TemplateInstance> all() {
        Frame frame = frames.at(PLACE);
        String bearer = visitor.bearer();
        return Uni.combine()
                .all()
                .unis(services.applications(bearer), services.endingSecrets(ALL_SECRETS, bearer))
                .with((apps, secrets) -> new All(
                        frame,
                        lines(apps, secrets),
                        mayChange(),
                        apps instanceof Answer.Done ? null : Notice.refused("Asking for the applications", apps)));
    }

    /** All tenants use them: auth-service refuses who may see some of them only. */
    private boolean mayChange() {
        return identity.hasRole("admin") && visitor.tenants() == null;
    }

    @POST
    @Path("{id}/do/suspend")
    @RolesAllowed("admin")
    public Uni<TemplateInstance> suspend(@RestPath UUID id) {
        return services.suspend(id, visitor.bearer())
                .map(answer -> show(
                        answer,
                        "Suspending the application",
                        Notice.good("The application is suspended", "Nothing of it is used until it is resumed.")));
    }

    @POST
    @Path("{id}/do/resume")
    @RolesAllowed("admin")
    public Uni<TemplateInstance> resume(@RestPath UUID id) {
        return services.resume(id, visitor.bearer())
                .map(answer ->
                        show(answer, "Resuming the application", Notice.good("The application is in use again", "")));
    }

    @POST
    @Path("{id}/do/secret")
    @RolesAllowed("admin")
    public Uni<TemplateInstance> secret(@RestPath UUID id, @RestForm String secret) {
        return services.addSecret(id, secret, visitor.bearer())
                .map(answer -> show(
                        answer,
                        "Adding the secret",
                        Notice.good(
                                "The new secret is in use",
                                "The former one is tried too while Amazon knows both, for seven days.")));
    }

    private TemplateInstance show(Answer answer, String wish, Notice good) {
        return notices.show(answer instanceof Answer.Done ? good : Notice.refused(wish, answer), "/applications");
    }

    private static List<ApplicationLine> lines(Answer apps, Answer secrets) {
        Map<String, Instant> ends = items(secrets)
                .collect(Collectors.toMap(
                        secret -> secret.getString("appId", ""),
                        secret -> Instant.parse(secret.getString("expiresAt")),
                        (first, second) -> first));
        return items(apps).map(app -> ApplicationLine.of(app, ends)).toList();
    }

    static Stream<JsonObject> items(Answer answer) {
        return answer instanceof Answer.Done done ? done.items() : Stream.of();
    }
}
