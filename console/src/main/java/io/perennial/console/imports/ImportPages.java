package io.perennial.console.imports;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Notices;
import io.perennial.console.web.Visitor;
import io.perennial.problem.ProblemException;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The imports, and one of them with its progress. Files are sent with {@code ./perennial import} or by API. */
@Path("/imports")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"operator", "admin"})
class ImportPages {
    record All(Frame frame, List<ImportRun> imports, @Nullable String next, @Nullable Notice notice)
            implements TemplateInstance {}

    record One(Frame frame, ImportRun run) implements TemplateInstance {}

    private final Services services;
    private final Visitor visitor;
    private final Frames frames;
    private final Notices notices;

    ImportPages(Services services, Visitor visitor, Frames frames, Notices notices) {
        this.services = services;
        this.visitor = visitor;
        this.frames = frames;
        this.notices = notices;
    }

    @GET
    public Uni<TemplateInstance> all(@RestQuery @Nullable String cursor) {
        Frame frame = frames.at("campaigns");
        return services.imports(cursor, visitor.bearer())
                .map(answer -> answer instanceof Answer.Done done
                        ? new All(
                                frame,
                                runs(done.body().getJsonArray("items", new JsonArray())),
                                done.body().getString("next"),
                                null)
                        : new All(frame, List.of(), null, Notice.refused("Asking for the imports", answer)));
    }

    private static List<ImportRun> runs(JsonArray items) {
        return IntStream.range(0, items.size())
                .mapToObj(i -> new ImportRun(items.getJsonObject(i)))
                .toList();
    }

    @GET
    @Path("{id}")
    public Uni<TemplateInstance> one(@RestPath UUID id) {
        Frame frame = frames.at("campaigns");
        return services.importRun(id, visitor.bearer()).map(answer -> {
            if (answer instanceof Answer.Done done) {
                return new One(frame, new ImportRun(done.body()));
            }
            if (answer instanceof Answer.Refused refused && refused.status() == 404) {
                throw ProblemException.notFound();
            }
            return notices.show(Notice.refused("Asking for the import", answer), "/imports");
        });
    }
}
