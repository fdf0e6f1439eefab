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
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The advertising profiles of a connection, and the choice among them. */
@Path("/connections/{id}/profiles")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
class ProfilesPart {
    record Choice(
            Frame frame,
            UUID connection,
            List<ProfileLine> profiles,
            boolean chosen,
            @Nullable String explanation,
            @Nullable Notice notice)
            implements TemplateInstance {}

    /** One profile, in words. */
    record ProfileLine(String id, String title, boolean chosen, boolean fixed, @Nullable String remark) {
        static ProfileLine of(JsonObject profile) {
            boolean chosen = profile.getBoolean("chosen", false);
            boolean lost = "NO_ACCESS".equals(profile.getString("access"));
            boolean held = profile.getString("heldBy") != null;
            String name = profile.getString("accountName", profile.getString("accountId", ""));
            String remark = lost ? "No access any more" : held ? "Belongs to another connection" : null;
            return new ProfileLine(
                    profile.getString("profileId", ""),
                    (name + " " + profile.getString("countryCode", "")).strip(),
                    chosen,
                    !chosen && (lost || held),
                    remark);
        }
    }

    private final Connections connections;
    private final Services services;
    private final Visitor visitor;
    private final Frames frames;
    private final Notices notices;

    ProfilesPart(Connections connections, Services services, Visitor visitor, Frames frames, Notices notices) {
        this.connections = connections;
        this.services = services;
        this.visitor = visitor;
        this.frames = frames;
        this.notices = notices;
    }

    @GET
    public Uni<TemplateInstance> show(@RestPath UUID id) {
        Frame frame = frames.at("connections");
        return find(id).chain(found -> services.profiles(id, visitor.bearer()).map(answer -> part(frame, id, answer)));
    }

    @POST
    @RolesAllowed({"operator", "admin"})
    public Uni<TemplateInstance> choose(@RestPath UUID id, @RestForm("profile") @Nullable List<String> profile) {
        List<String> wanted = profile == null ? List.of() : profile;
        return find(id).chain(found -> services.chooseProfiles(id, wanted, visitor.bearer())
                .map(answer -> notices.show(notice(found, answer), "/connections/" + id)));
    }

    private Uni<ConnectionView> find(UUID id) {
        return connections.find(visitor.tenants(), id).map(found -> found.orElseThrow(ProblemException::notFound));
    }

    private static Choice part(Frame frame, UUID id, Answer answer) {
        if (!(answer instanceof Answer.Done done)) {
            return new Choice(frame, id, List.of(), false, null, Notice.refused("Asking for the profiles", answer));
        }
        List<ProfileLine> lines = done.items().map(ProfileLine::of).toList();
        JsonObject explanation = done.body().getJsonObject("explanation");
        return new Choice(
                frame,
                id,
                lines,
                lines.stream().anyMatch(ProfileLine::chosen),
                explanation == null ? null : explanation.getString("text"),
                null);
    }

    private static Notice notice(ConnectionView about, Answer answer) {
        return answer instanceof Answer.Done
                ? Notice.good(
                        "Profiles of " + about.label() + " are chosen", "The connection is for these from now on.")
                : Notice.refused("Choosing profiles of " + about.label(), answer);
    }
}
