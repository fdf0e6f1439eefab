package io.perennial.console.imports;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Notices;
import io.perennial.console.web.Visitor;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
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
                                done.items().map(ImportRun::new).toList(),
                                done.body().getString("next"),
                                null)
                        : new All(frame, List.of(), null, Notice.refused("Asking for the imports", answer)));
    }

    @GET
    @Path("{id}")
    public Uni<TemplateInstance> one(@RestPath UUID id) {
        Frame frame = frames.at("campaigns");
        return services.importRun(id, visitor.bearer())
                .map(answer -> notices.pageOr(
                        "Asking for the import", answer, "/imports", body -> new One(frame, new ImportRun(body))));
    }
}
