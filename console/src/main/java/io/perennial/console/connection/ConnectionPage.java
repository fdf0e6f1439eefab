package io.perennial.console.connection;

import io.perennial.clock.DomainClock;
import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.Connections;
import io.perennial.console.view.FetchView;
import io.perennial.console.view.HistoryView;
import io.perennial.console.view.ReminderView;
import io.perennial.console.view.Slice;
import io.perennial.console.view.Stories;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Visitor;
import io.perennial.problem.ProblemException;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The page of one connection, whole and in the parts that change. */
@Path("/connections/{id}")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
class ConnectionPage {
    private static final int FETCHES = 8;
    private static final int REMINDERS = 12;
    private static final int HISTORY = 30;

    record Whole(Frame frame, Portrait connection, Story story) implements TemplateInstance {}

    record Head(Frame frame, Portrait connection) implements TemplateInstance {}

    record Happened(Frame frame, Portrait connection, Story story) implements TemplateInstance {}

    record Older(Portrait connection, Story story) implements TemplateInstance {}

    record Disconnecting(Frame frame, Portrait connection) implements TemplateInstance {}

    /** What happened; {@code next} leads to what happened before. */
    record Story(
            List<FetchLine> fetches, List<ReminderLine> reminders, List<StoryLine> history, @Nullable String next) {
        static Story of(List<FetchView> fetches, List<ReminderView> reminders, Slice<HistoryView> history) {
            return new Story(
                    fetches.stream().map(FetchLine::of).toList(),
                    reminders.stream().map(ReminderLine::of).toList(),
                    history.items().stream().map(StoryLine::of).toList(),
                    history.next());
        }
    }

    private final Connections connections;
    private final Stories stories;
    private final Visitor visitor;
    private final Frames frames;
    private final DomainClock clock;

    ConnectionPage(Connections connections, Stories stories, Visitor visitor, Frames frames, DomainClock clock) {
        this.connections = connections;
        this.stories = stories;
        this.visitor = visitor;
        this.frames = frames;
        this.clock = clock;
    }

    @GET
    public Uni<TemplateInstance> whole(@RestPath UUID id, @RestQuery @Nullable String created) {
        Frame frame = frames.at("connections");
        Uni<ConnectionView> sought = created == null ? find(id) : findSoon(id);
        return sought.chain(found -> story(found, null).map(story -> new Whole(frame, portrait(found), story)));
    }

    @GET
    @Path("head")
    public Uni<TemplateInstance> head(@RestPath UUID id) {
        Frame frame = frames.at("connections");
        return find(id).map(found -> new Head(frame, portrait(found)));
    }

    @GET
    @Path("story")
    public Uni<TemplateInstance> story(@RestPath UUID id) {
        Frame frame = frames.at("connections");
        return find(id).chain(found -> story(found, null).map(story -> new Happened(frame, portrait(found), story)));
    }

    @GET
    @Path("older")
    public Uni<TemplateInstance> older(@RestPath UUID id, @RestQuery String cursor) {
        return find(id).chain(found -> stories.history(found, cursor, HISTORY)
                .map(history -> new Older(portrait(found), Story.of(List.of(), List.of(), history))));
    }

    @GET
    @Path("disconnect")
    @RolesAllowed({"operator", "admin"})
    public Uni<TemplateInstance> confirmDisconnecting(@RestPath UUID id) {
        Frame frame = frames.at("connections");
        return find(id).map(found -> new Disconnecting(frame, portrait(found)));
    }

    /** A connection that was created a moment ago is on its way through Kafka to the view. */
    private Uni<ConnectionView> findSoon(UUID id) {
        String[] tenants = visitor.tenants();
        return Uni.createFrom()
                .deferred(() -> find(tenants, id))
                .onFailure(ProblemException.class)
                .retry()
                .withBackOff(Duration.ofMillis(100), Duration.ofMillis(500))
                .atMost(12);
    }

    private Uni<ConnectionView> find(UUID id) {
        return find(visitor.tenants(), id);
    }

    private Uni<ConnectionView> find(String @Nullable [] tenants, UUID id) {
        return connections.find(tenants, id).map(found -> found.orElseThrow(ProblemException::notFound));
    }

    private Uni<Story> story(ConnectionView of, @Nullable String cursor) {
        return Uni.combine()
                .all()
                .unis(
                        stories.fetches(of, FETCHES),
                        stories.reminders(of, REMINDERS),
                        stories.history(of, cursor, HISTORY))
                .with(Story::of);
    }

    private Portrait portrait(ConnectionView view) {
        return Portrait.of(view, clock.instant());
    }
}
