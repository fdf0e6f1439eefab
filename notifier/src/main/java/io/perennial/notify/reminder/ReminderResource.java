package io.perennial.notify.reminder;

import io.perennial.notify.reminder.LinkMailing.Asker;
import io.perennial.notify.reminder.ReminderHistory.Page;
import io.perennial.notify.reminder.ReminderHistory.Query;
import io.perennial.problem.ProblemException;
import io.perennial.service.Caller;
import io.perennial.service.IdempotencyKey;
import io.perennial.service.PageCursor;
import io.perennial.service.Shielded;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was sent, and sending the link now. */
@Path("/api/reminders")
@Produces(MediaType.APPLICATION_JSON)
class ReminderResource {
    private final ReminderHistory history;
    private final LinkMailing linkMailing;
    private final DeliveryLoop loop;
    private final Caller caller;

    ReminderResource(ReminderHistory history, LinkMailing linkMailing, DeliveryLoop loop, Caller caller) {
        this.history = history;
        this.linkMailing = linkMailing;
        this.loop = loop;
        this.caller = caller;
    }

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<Page> list(
            @QueryParam("connection") @Nullable String connection,
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        Query query = new Query(
                caller.tenants(),
                tenant,
                connection == null ? null : uuid("connection", connection),
                cursor,
                PageCursor.limit(limit));
        return Shielded.uni(() -> history.page(query));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({"admin", "operator"})
    public Uni<Response> mailLink(LinkMailRequest request, @HeaderParam(IdempotencyKey.HEADER) @Nullable String key) {
        String connection = request.connectionId();
        if (connection == null) {
            throw ProblemException.invalidField("connectionId", "must be given");
        }
        UUID connectionId = uuid("connectionId", connection);
        Asker asker = new Asker(caller.id(), caller.tenants(), IdempotencyKey.of(key, connectionId));
        return Shielded.uni(() -> linkMailing.request(connectionId, asker).chain(history::one))
                .invoke(loop::wake)
                .map(reminder -> Response.status(Response.Status.CREATED)
                        .entity(reminder)
                        .build());
    }

    private static UUID uuid(String field, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField(field, "must be a UUID");
        }
    }

    record LinkMailRequest(@Nullable String connectionId) {}
}
