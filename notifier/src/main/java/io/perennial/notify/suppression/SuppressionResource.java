package io.perennial.notify.suppression;

import io.perennial.notify.suppression.Suppressions.News;
import io.perennial.notify.suppression.Suppressions.Page;
import io.perennial.problem.ProblemException;
import io.perennial.service.Caller;
import io.perennial.service.PageCursor;
import io.perennial.service.Shielded;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /api/suppressions}: who is not written to. Both adding and lifting leave a record of who did it. */
@Path("/api/suppressions")
@Produces(MediaType.APPLICATION_JSON)
class SuppressionResource {
    private static final int LONGEST_REASON = 200;

    private final Suppressions suppressions;
    private final Caller caller;

    SuppressionResource(Suppressions suppressions, Caller caller) {
        this.suppressions = suppressions;
        this.caller = caller;
    }

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<Page> list(
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("connection") @Nullable String connection,
            @QueryParam("q") @Nullable String externalId,
            @QueryParam("lifted") boolean lifted,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        Suppressions.Query query = new Suppressions.Query(
                caller.tenants(),
                tenant,
                connection == null ? null : uuid("connection", connection),
                lifted,
                PageCursor.decode(cursor, UUID::fromString),
                externalId == null || externalId.isBlank() ? null : externalId.strip(),
                PageCursor.limit(limit));
        return Shielded.uni(() -> suppressions.page(query));
    }

    /** What a feedback loop or a returned mail tells: it names our mail by its Message-ID, never by an address. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({"admin", "operator"})
    public Uni<Response> add(Report report) {
        String reminder = report.reminderId();
        SuppressionReason reason = report.reason();
        if (reminder == null) {
            throw ProblemException.invalidField("reminderId", "must be given: the part of the Message-ID before the @");
        }
        if (reason != SuppressionReason.BOUNCED && reason != SuppressionReason.COMPLAINED) {
            throw ProblemException.invalidField("reason", "must be BOUNCED or COMPLAINED");
        }
        UUID reminderId = uuid("reminderId", reminder);
        String[] visible = caller.tenants();
        News news = new News(reminderId, null, reason, "REPORTED", caller.id());
        return Shielded.uni(() -> suppressions.add(news, visible).chain(id -> suppressions.one(id, visible)))
                .map(view ->
                        Response.status(Response.Status.CREATED).entity(view).build());
    }

    /** Mails may be sent again; {@code reason} is kept with who said it. */
    @DELETE
    @Path("{id}")
    @RolesAllowed({"admin", "operator"})
    public Uni<SuppressionView> lift(@PathParam("id") UUID id, @QueryParam("reason") @Nullable String reason) {
        String because = reason == null || reason.isBlank() ? null : reason.strip();
        if (because != null && (because.length() > LONGEST_REASON || because.indexOf('@') >= 0)) {
            throw ProblemException.invalidField(
                    "reason", "must have at most " + LONGEST_REASON + " characters and no mail address");
        }
        String[] visible = caller.tenants();
        String actor = caller.id();
        return Shielded.uni(
                () -> suppressions.lift(id, visible, actor, because).chain(() -> suppressions.one(id, visible)));
    }

    private static UUID uuid(String field, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField(field, "must be a UUID");
        }
    }

    record Report(@Nullable String reminderId, @Nullable SuppressionReason reason) {}
}
