package io.perennial.console.queue;

import io.perennial.clock.DomainClock;
import io.perennial.console.connections.ListQuestion;
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
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * An agent's queue: the accounts that need a consent, one after the other. Which ones they are stands in the address, so
 * that the row stays the same while its lines turn green.
 */
@Path("/queue")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"operator", "admin"})
class QueuePage {
    private static final int MOST = 50;
    private static final String ANY_ACCOUNT = "any; who consents is asked to confirm the store";
    private static final String NAMED_LATER = "named on the page that the link opens";

    /**
     * The row.
     *
     * @param step the account that is worked on; null before the first
     */
    record Row(Frame frame, List<QueueLine> lines, String filter, String ids, @Nullable Step step)
            implements TemplateInstance {}

    /**
     * One account of the row.
     *
     * @param number counted from one
     * @param former whom the agent was signed in for; null at the first
     * @param account the one to sign in with, as far as anybody knows
     */
    record Step(
            QueueLine line,
            int number,
            int of,
            @Nullable QueueLine former,
            String account,
            @Nullable String next,
            @Nullable String previous) {}

    record Line(Frame frame, QueueLine line) implements TemplateInstance {}

    record Opened(String label, @Nullable String account, String url) implements TemplateInstance {}

    private final Connections connections;
    private final Services services;
    private final Visitor visitor;
    private final Frames frames;
    private final Notices notices;
    private final DomainClock clock;

    QueuePage(
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
    public Uni<TemplateInstance> row(
            @BeanParam ListQuestion question, @RestQuery List<UUID> id, @RestQuery @Nullable Integer at) {
        Frame frame = frames.at("queue");
        Uni<List<ConnectionView>> chosen = id.isEmpty()
                ? connections
                        .list(visitor.tenants(), question.orNeedingConsent(clock.instant()), null, MOST)
                        .map(slice -> slice.items())
                : inOrder(id.stream().limit(MOST).toList());
        return chosen.chain(views -> row(frame, views, question.query(), at));
    }

    private Uni<Row> row(Frame frame, List<ConnectionView> views, String filter, @Nullable Integer at) {
        List<QueueLine> lines =
                views.stream().map(view -> QueueLine.of(view, frame.now())).toList();
        String ids = lines.stream().map(line -> "id=" + line.id()).collect(Collectors.joining("&"));
        return at == null || at < 0 || at >= lines.size()
                ? Uni.createFrom().item(new Row(frame, lines, filter, ids, null))
                : account(lines.get(at))
                        .map(account -> new Row(frame, lines, filter, ids, step(lines, ids, at, account)));
    }

    /** Before the first consent only auth-service knows which account was announced. */
    private Uni<String> account(QueueLine line) {
        return line.account() != null
                ? Uni.createFrom().item(line.account())
                : services.connection(line.id(), visitor.bearer())
                        .map(answer -> answer.fold(
                                done -> done.body().getString("expectedAccountId", ANY_ACCOUNT),
                                refused -> NAMED_LATER,
                                silent -> NAMED_LATER));
    }

    private static Step step(List<QueueLine> lines, String ids, int at, String account) {
        return new Step(
                lines.get(at),
                at + 1,
                lines.size(),
                at == 0 ? null : lines.get(at - 1),
                account,
                at + 1 < lines.size() ? "/queue?" + ids + "&at=" + (at + 1) : null,
                at > 0 ? "/queue?" + ids + "&at=" + (at - 1) : null);
    }

    /** A line that changed, for a page that is open. */
    @GET
    @Path("line")
    public Uni<TemplateInstance> line(@RestQuery UUID id) {
        Frame frame = frames.at("queue");
        return find(id).map(view -> new Line(frame, QueueLine.of(view, frame.now())));
    }

    /** The way to Amazon for one account; after the first only for somebody who has signed out. */
    @POST
    @Path("open")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<TemplateInstance> open(
            @RestForm UUID id, @RestForm @Nullable String after, @RestForm @Nullable String signedOut) {
        if (after != null && signedOut == null) {
            Notice first = Notice.good(
                    "Sign out of Amazon first", "Then tick the box: Amazon would connect the account of before.");
            return Uni.createFrom().item(notices.show(first, "/queue"));
        }
        return find(id).chain(view -> services.consentLink(id, visitor.bearer())
                .map(answer -> answer instanceof Answer.Done done && done.body().getString("url") != null
                        ? new Opened(view.label(), view.account(), done.body().getString("url"))
                        : notices.show(Notice.refused("Making the link for " + view.label(), answer), "/queue")));
    }

    private Uni<ConnectionView> find(UUID id) {
        return connections.find(visitor.tenants(), id).map(found -> found.orElseThrow(ProblemException::notFound));
    }

    private Uni<List<ConnectionView>> inOrder(List<UUID> ids) {
        return connections.named(visitor.tenants(), ids).map(found -> {
            Map<UUID, ConnectionView> byId =
                    found.stream().collect(Collectors.toMap(ConnectionView::id, Function.identity()));
            return ids.stream()
                    .distinct()
                    .map(byId::get)
                    .filter(Objects::nonNull)
                    .map(Objects::requireNonNull)
                    .toList();
        });
    }
}
