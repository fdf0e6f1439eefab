package io.perennial.console.suppression;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.Connections;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Notices;
import io.perennial.console.web.Visitor;
import io.perennial.console.words.Tone;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Connections of which nobody hears us, mailboxes that are not written to, and the button that ends that. */
@Path("/suppressions")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
class SuppressionsPage {
    private static final String PLACE = "suppressions";
    private static final int SHOWN = 50;
    private static final int LONGEST_SEARCH = 200;

    /**
     * The page.
     *
     * @param more the address of the next part; null on the last
     */
    record Suppressions(
            Frame frame,
            List<ConnectionView> unheard,
            List<SuppressionLine> lines,
            String q,
            boolean lifted,
            @Nullable String more,
            @Nullable Notice notice)
            implements TemplateInstance {}

    private final Services services;
    private final Connections connections;
    private final Visitor visitor;
    private final Frames frames;
    private final Notices notices;

    SuppressionsPage(Services services, Connections connections, Visitor visitor, Frames frames, Notices notices) {
        this.services = services;
        this.connections = connections;
        this.visitor = visitor;
        this.frames = frames;
        this.notices = notices;
    }

    @GET
    public Uni<TemplateInstance> list(
            @RestQuery @DefaultValue("") String q, @RestQuery boolean lifted, @RestQuery @Nullable String cursor) {
        Frame frame = frames.at(PLACE);
        String wanted = q.substring(0, Math.min(q.length(), LONGEST_SEARCH)).strip();
        return Uni.combine()
                .all()
                .unis(
                        connections.unheard(visitor.tenants(), SHOWN),
                        services.suppressions(wanted, lifted, cursor, visitor.bearer()))
                .with((unheard, answer) -> new Suppressions(
                        frame,
                        unheard,
                        lines(answer),
                        wanted,
                        lifted,
                        more(answer, wanted, lifted),
                        answer instanceof Answer.Done ? null : Notice.refused("Asking who is not written to", answer)));
    }

    @POST
    @Path("{id}/lift")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @RolesAllowed({"operator", "admin"})
    public Uni<TemplateInstance> lift(@RestPath UUID id, @RestForm @DefaultValue("") String reason) {
        if (reason.isBlank()) {
            return Uni.createFrom()
                    .item(notices.show(
                            new Notice(Tone.SOON, "Nothing is changed", "Say why mails may go there again.", null),
                            "/suppressions"));
        }
        return services.liftSuppression(id, reason.strip(), visitor.bearer())
                .map(answer -> notices.show(
                        answer instanceof Answer.Done
                                ? Notice.good("Mails may go there again", "From the next one on.")
                                : Notice.refused("Lifting it", answer),
                        "/suppressions"));
    }

    private static List<SuppressionLine> lines(Answer answer) {
        return answer instanceof Answer.Done done
                ? done.items().map(SuppressionLine::of).toList()
                : List.of();
    }

    private static @Nullable String more(Answer answer, String q, boolean lifted) {
        String next = answer instanceof Answer.Done done ? done.body().getString("next") : null;
        return next == null ? null : "/suppressions?q=" + encode(q) + "&lifted=" + lifted + "&cursor=" + encode(next);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
