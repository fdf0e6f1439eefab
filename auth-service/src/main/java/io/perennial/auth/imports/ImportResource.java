package io.perennial.auth.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.audit.ForeignIds;
import io.perennial.auth.imports.ImportRuns.Actor;
import io.perennial.auth.imports.ImportRuns.Order;
import io.perennial.auth.imports.ImportRuns.PlacedFault;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.request.Fields;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.service.Caller;
import io.perennial.service.IdempotencyKey;
import io.perennial.service.PageCursor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/imports}: existing authorizations, one JSON object a line. The body is read as it arrives, at the speed at
 * which it can be written; the answer comes after the last line.
 */
@Path("/api/imports")
public class ImportResource {
    private static final Set<String> LINES = Set.of("application/x-ndjson", "application/ndjson", "application/jsonl");
    private static final int MAX_NAME = 200;
    private static final int SHOWN_FAULTS = 50;

    private final Imports imports;
    private final ImportRuns runs;
    private final ForeignIds foreign;
    private final Caller caller;

    ImportResource(Imports imports, ImportRuns runs, ForeignIds foreign, Caller caller) {
        this.imports = imports;
        this.runs = runs;
        this.foreign = foreign;
        this.caller = caller;
    }

    /** One page of imports, latest first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ImportPage(List<ImportView> items, @Nullable String next) {}

    /** One page of faults, in the order of the lines. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FaultPage(List<ImportFault> items, @Nullable String next) {}

    @POST
    @RolesAllowed({"admin", "operator"})
    public Uni<RestResponse<ImportView>> run(
            @QueryParam("name") @Nullable String name,
            @QueryParam("dryRun") @DefaultValue("false") String dryRun,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey,
            @Context HttpServerRequest request) {
        requireLines(request.getHeader(HttpHeaders.CONTENT_TYPE));
        Order order = order(name, dryRun, idempotencyKey);
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        Multi<Buffer> bytes = MultiHelper.toMulti(request);
        return imports.run(bytes, order, foreign.asker())
                .onTermination()
                .invoke(() -> readToTheEnd(request))
                .onFailure(failure -> Constraints.violates(failure, "import_run_idempotency"))
                .transform(failure -> new ProblemException(
                        StandardProblem.CONFLICT, "Another request has just begun this import; send it again."))
                .chain(id -> show(id, order.actor()))
                .map(done -> RestResponse.ResponseBuilder.<ImportView>created(URI.create("/api/imports/" + done.id()))
                        .entity(done)
                        .build());
    }

    /** Checked here and not by annotation: that would answer before anybody asks who is calling. */
    private static void requireLines(@Nullable String contentType) {
        String type =
                contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!LINES.contains(type)) {
            throw new ProblemException(
                    StandardProblem.UNSUPPORTED_MEDIA_TYPE, "Send one JSON object a line: application/x-ndjson.");
        }
    }

    /** Whatever of the body nobody wanted: a sender that is still writing would not read the answer. */
    private static void readToTheEnd(HttpServerRequest request) {
        if (!request.isEnded()) {
            request.handler(unwanted -> {}).resume();
        }
    }

    private Order order(@Nullable String name, String dryRun, @Nullable String idempotencyKey) {
        Fields fields = new Fields();
        fields.optionalLine("name", name, MAX_NAME);
        if (!dryRun.equals("true") && !dryRun.equals("false")) {
            fields.reject("dryRun", "must be true or false");
        }
        fields.verify();
        Actor actor = actor();
        String request = "import\n" + name + "\n" + dryRun + "\n" + Arrays.toString(actor.tenants());
        return new Order(name, Boolean.parseBoolean(dryRun), actor, IdempotencyKey.of(idempotencyKey, request));
    }

    @GET
    @RolesAllowed({"admin", "operator"})
    public Uni<ImportPage> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable Integer limit) {
        int size = PageCursor.limit(limit);
        List<String> before = PageCursor.decode(cursor, 1);
        return runs.list(actor(), before == null ? null : id(before.get(0)), size + 1)
                .map(found -> found.size() <= size
                        ? new ImportPage(found, null)
                        : new ImportPage(
                                found.subList(0, size),
                                PageCursor.encode(found.get(size - 1).id())));
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"admin", "operator"})
    public Uni<ImportView> get(UUID id) {
        return show(id, actor());
    }

    @GET
    @Path("{id}/faults")
    @RolesAllowed({"admin", "operator"})
    public Uni<FaultPage> faults(
            UUID id, @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable Integer limit) {
        int size = PageCursor.limit(limit);
        List<String> after = PageCursor.decode(cursor, 2);
        long line = after == null ? 0 : number(after.get(0));
        int position = after == null ? 0 : (int) number(after.get(1));
        return visible(id, actor())
                .chain(() -> runs.faults(id, line, position, size + 1))
                .map(found -> page(found, size));
    }

    private static FaultPage page(List<PlacedFault> found, int size) {
        List<ImportFault> items =
                found.stream().limit(size).map(PlacedFault::fault).toList();
        if (found.size() <= size) {
            return new FaultPage(items, null);
        }
        PlacedFault last = found.get(size - 1);
        return new FaultPage(items, PageCursor.encode(last.fault().line(), last.position()));
    }

    private Uni<ImportView> show(UUID id, Actor actor) {
        return visible(id, actor).chain(view -> runs.faults(id, 0, 0, SHOWN_FAULTS)
                .map(faults -> view.with(faults.stream().map(PlacedFault::fault).toList())));
    }

    private Uni<ImportView> visible(UUID id, Actor actor) {
        return runs.find(id, actor).onItem().ifNull().failWith(ProblemException::notFound);
    }

    private Actor actor() {
        return new Actor(caller.id(), caller.tenants());
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw PageCursor.refused();
        }
    }

    private static long number(String text) {
        try {
            return Math.toIntExact(Long.parseLong(text));
        } catch (NumberFormatException | ArithmeticException e) {
            throw PageCursor.refused();
        }
    }
}
