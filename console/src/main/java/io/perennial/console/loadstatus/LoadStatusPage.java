package io.perennial.console.loadstatus;

import io.perennial.clock.DomainClock;
import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.remote.Services.LoadStatusQuestion;
import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.Connections;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Visitor;
import io.perennial.problem.ProblemException;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Load status by day, of all connections and of one. */
@Path("/load-status")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
class LoadStatusPage {
    private static final int DAYS = 30;
    private static final int ROWS = 25;

    /** The grid, or why there is none. */
    record Grid(List<LocalDate> days, List<LoadRow> rows, @Nullable String next, @Nullable Notice notice) {
        public List<DayStatus> legend() {
            return List.of(DayStatus.values());
        }

        public LocalDate from() {
            return days.get(0);
        }

        public LocalDate to() {
            return days.get(days.size() - 1);
        }
    }

    record All(Frame frame, Grid grid, List<String> tenants, String tenant) implements TemplateInstance {}

    record One(Frame frame, Grid grid) implements TemplateInstance {}

    private final Services services;
    private final Connections connections;
    private final Visitor visitor;
    private final Frames frames;
    private final DomainClock clock;

    LoadStatusPage(Services services, Connections connections, Visitor visitor, Frames frames, DomainClock clock) {
        this.services = services;
        this.connections = connections;
        this.visitor = visitor;
        this.frames = frames;
        this.clock = clock;
    }

    @GET
    public Uni<TemplateInstance> all(@RestQuery @Nullable String tenant, @RestQuery @Nullable String cursor) {
        Frame frame = frames.at("load-status");
        String chosen = Objects.requireNonNullElse(tenant, "");
        BiFunction<Grid, List<String>, TemplateInstance> page =
                (grid, tenants) -> new All(frame, grid, tenants, chosen);
        return Uni.combine()
                .all()
                .unis(grid(question(null, chosen, cursor)), connections.tenants(visitor.tenants()))
                .with(page);
    }

    @GET
    @Path("{id}")
    public Uni<TemplateInstance> one(@RestPath UUID id) {
        Frame frame = frames.at("load-status");
        return connections
                .find(visitor.tenants(), id)
                .map(found -> found.orElseThrow(ProblemException::notFound))
                .chain(found -> grid(question(id, null, null)))
                .map(grid -> new One(frame, grid));
    }

    private LoadStatusQuestion question(@Nullable UUID id, @Nullable String tenant, @Nullable String cursor) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return new LoadStatusQuestion(id, tenant, today.minusDays(DAYS - 1L), today, cursor, ROWS);
    }

    private Uni<Grid> grid(LoadStatusQuestion question) {
        List<LocalDate> days =
                IntStream.range(0, DAYS).mapToObj(question.from()::plusDays).toList();
        return services.loadStatus(question, visitor.bearer())
                .chain(answer -> answer instanceof Answer.Done done
                        ? labelled(days, done)
                        : Uni.createFrom()
                                .item(new Grid(
                                        days, List.of(), null, Notice.refused("Asking for the status", answer))));
    }

    /** The service knows ids; people know labels. What the person may not see has no label and is left out. */
    private Uni<Grid> labelled(List<LocalDate> days, Answer.Done answer) {
        List<JsonObject> rows = answer.items("connections").toList();
        List<UUID> ids = rows.stream()
                .map(row -> UUID.fromString(row.getString("connectionId")))
                .toList();
        return connections.named(visitor.tenants(), ids).map(found -> {
            Map<UUID, String> labels =
                    found.stream().collect(Collectors.toMap(ConnectionView::id, ConnectionView::label));
            return new Grid(days, shown(rows, labels, days), answer.body().getString("next"), null);
        });
    }

    private static List<LoadRow> shown(List<JsonObject> rows, Map<UUID, String> labels, List<LocalDate> days) {
        return rows.stream()
                .map(row -> LoadRow.of(
                        row,
                        labels.get(UUID.fromString(row.getString("connectionId"))),
                        days.get(0),
                        days.get(days.size() - 1)))
                .filter(row -> labels.containsKey(row.id()))
                .toList();
    }
}
