package io.perennial.console.connections;

import io.perennial.clock.DomainClock;
import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.view.ConnectionFilter;
import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.Connections;
import io.perennial.console.view.Slice;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Notices;
import io.perennial.console.web.Visitor;
import io.perennial.console.words.StateWord;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.problem.ProblemException;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The list of connections, whole and in parts. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
class ConnectionsPage {
    private static final int PAGE = 50;
    private static final int MOST_AT_ONCE = 200;
    private static final List<Option> STATES = Arrays.stream(ConnectionStatus.values())
            .map(state -> new Option(state.name(), StateWord.of(state).word()))
            .toList();

    /** A choice in a list of choices. */
    record Option(String value, String text) {}

    record ListPage(
            Frame frame,
            ListQuestion.Choice choice,
            List<Option> states,
            List<String> tenants,
            List<ConnectionLine> lines,
            @Nullable String next,
            boolean first,
            String address,
            String nextAddress)
            implements TemplateInstance {}

    record Lines(Frame frame, List<ConnectionLine> lines) implements TemplateInstance {}

    record Counts(List<Count> counts) implements TemplateInstance {}

    /** A number above the list, which is also a way to its part of the list. */
    record Count(String id, String tone, String text, String number, String address) {}

    private final Connections connections;
    private final Services services;
    private final Visitor visitor;
    private final Frames frames;
    private final Notices notices;
    private final DomainClock clock;

    ConnectionsPage(
            Connections connections,
            Services services,
            Visitor visitor,
            Frames frames,
            Notices notices,
            DomainClock clock) {
        this.connections = connections;
        this.services = services;
        this.visitor = visitor;
        this.frames = frames;
        this.notices = notices;
        this.clock = clock;
    }

    @GET
    public Uni<TemplateInstance> list(@BeanParam ListQuestion question) {
        String[] tenants = visitor.tenants();
        Uni<Slice<ConnectionView>> slice =
                connections.list(tenants, question.filter(clock.instant()), question.cursor, PAGE);
        Uni<List<String>> choices = connections.tenants(tenants);
        Frame frame = frames.at("connections");
        return Uni.combine()
                .all()
                .unis(slice, choices)
                .with((found, known) -> new ListPage(
                        frame,
                        question.choice(),
                        STATES,
                        known,
                        lines(found.items(), frame.now()),
                        found.next(),
                        question.cursor == null || question.cursor.isEmpty(),
                        question.choice().address(null),
                        question.choice().address(found.next())));
    }

    /** Lines that changed, for a page that is open. */
    @GET
    @Path("list/lines")
    public Uni<TemplateInstance> lines(@RestQuery List<String> id) {
        List<UUID> ids =
                id.stream().limit(MOST_AT_ONCE).map(ConnectionsPage::id).toList();
        Frame frame = frames.at("connections");
        return connections.named(visitor.tenants(), ids).map(found -> new Lines(frame, lines(found, frame.now())));
    }

    @GET
    @Path("list/counts")
    public Uni<TemplateInstance> counts() {
        Instant now = clock.instant();
        ConnectionFilter soon = ConnectionFilter.ending(now, now.plus(StateWord.SOON));
        return Uni.join()
                .all(
                        count(
                                ConnectionFilter.needingConsent(),
                                new Count("expired", "tone-bad", "need consent", "", "/?consent=needed")),
                        count(soon, new Count("ends-soon", "tone-soon", "end within 30 days", "", "/?ends=30d")),
                        count(
                                ConnectionFilter.in(ConnectionStatus.SUSPECT),
                                new Count("suspect", "tone-soon", "being checked", "", "/?state=SUSPECT")),
                        count(
                                ConnectionFilter.in(ConnectionStatus.ACTIVE),
                                new Count("active", "tone-good", "active", "", "/?state=ACTIVE")))
                .andFailFast()
                .map(Counts::new);
    }

    /** "Fetch My Data" for the lines that are ticked. */
    @POST
    @Path("fetches")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @RolesAllowed({"operator", "admin"})
    public Uni<TemplateInstance> fetch(@RestForm List<String> id) {
        List<UUID> ids =
                id.stream().limit(MOST_AT_ONCE).map(ConnectionsPage::id).toList();
        if (ids.isEmpty()) {
            return Uni.createFrom()
                    .item(notices.show(Notice.good("Nothing chosen", "Tick the connections to fetch first."), "/"));
        }
        return services.fetch(ids, visitor.bearer()).map(answer -> notices.show(fetched(answer, ids.size()), "/"));
    }

    private static Notice fetched(Answer answer, int asked) {
        return answer instanceof Answer.Done
                ? Notice.good(
                        "Fetch My Data: under way",
                        "For " + asked + (asked == 1 ? " connection" : " connections")
                                + ". The lines show how far it has come.")
                : Notice.refused("Fetch My Data", answer);
    }

    private Uni<Count> count(ConnectionFilter filter, Count empty) {
        return connections
                .count(visitor.tenants(), filter)
                .map(number -> new Count(empty.id(), empty.tone(), empty.text(), text(number), empty.address()));
    }

    private static String text(int number) {
        return number >= Connections.COUNTED ? "10,000+" : String.format(java.util.Locale.ROOT, "%,d", number);
    }

    private static List<ConnectionLine> lines(List<ConnectionView> views, Instant now) {
        return views.stream().map(view -> ConnectionLine.of(view, now)).toList();
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField("id", "must be a UUID");
        }
    }
}
