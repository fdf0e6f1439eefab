package io.perennial.console.connection;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.Connections;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Notices;
import io.perennial.console.web.Visitor;
import io.perennial.problem.ProblemException;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;

/** The refresh token that the owner of a private application made for himself. It goes in and is never shown again. */
@Path("/connections/{id}/self-authorization")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"operator", "admin"})
class SelfAuthorizationPage {
    record Paste(Frame frame, UUID id, String label, String account) implements TemplateInstance {}

    private final Connections connections;
    private final Services services;
    private final Visitor visitor;
    private final Frames frames;
    private final Notices notices;

    SelfAuthorizationPage(Connections connections, Services services, Visitor visitor, Frames frames, Notices notices) {
        this.connections = connections;
        this.services = services;
        this.visitor = visitor;
        this.frames = frames;
        this.notices = notices;
    }

    @GET
    public Uni<TemplateInstance> form(@RestPath UUID id) {
        Frame frame = frames.at("connections");
        return find(id).map(found ->
                new Paste(frame, id, found.label(), found.accountId() == null ? "" : found.accountId()));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<TemplateInstance> paste(@RestPath UUID id, @RestForm String refreshToken, @RestForm String accountId) {
        return find(id).chain(
                        found -> services.selfAuthorize(id, refreshToken.strip(), accountId.strip(), visitor.bearer())
                                .map(answer -> notices.show(outcome(found, answer), "/connections/" + id)));
    }

    private Uni<ConnectionView> find(UUID id) {
        return connections.find(visitor.tenants(), id).map(found -> found.orElseThrow(ProblemException::notFound));
    }

    private static Notice outcome(ConnectionView about, Answer answer) {
        if (!(answer instanceof Answer.Done done)) {
            return Notice.refused("Using the token for " + about.label(), answer);
        }
        return "connected".equals(done.body().getString("outcome"))
                ? Notice.good(about.label() + " is connected", "Amazon accepts the token. It is sealed now.")
                : Notice.good(about.label() + " is being checked", "Amazon could not say yet and is asked again.");
    }
}
