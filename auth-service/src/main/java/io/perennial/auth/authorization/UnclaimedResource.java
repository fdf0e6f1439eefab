package io.perennial.auth.authorization;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.audit.ForeignIds;
import io.perennial.auth.authorization.UnclaimedAdoption.Claimant;
import io.perennial.auth.authorization.unclaimed.Unclaimed;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents.Stage;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.request.Fields;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.service.Caller;
import io.perennial.service.PageCursor;
import io.perennial.service.QueryText;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/unclaimed-connections}: merchants who came from Amazon's Appstore and whom nobody knows. They belong to no
 * tenant yet, so that only who may see every tenant sees them.
 */
@Path("/api/unclaimed-connections")
public class UnclaimedResource {
    private final UnclaimedConsents consents;
    private final UnclaimedAdoption adoption;
    private final Connections connections;
    private final ForeignIds foreign;
    private final Caller caller;

    UnclaimedResource(
            UnclaimedConsents consents,
            UnclaimedAdoption adoption,
            Connections connections,
            ForeignIds foreign,
            Caller caller) {
        this.consents = consents;
        this.adoption = adoption;
        this.connections = connections;
        this.foreign = foreign;
        this.caller = caller;
    }

    /** One page, latest first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UnclaimedPage(List<Unclaimed> items, @Nullable String next) {}

    /** The connection that a consent is for. */
    public record Assignment(@Nullable UUID connectionId) {
        private UUID check() {
            Fields fields = new Fields();
            fields.required("connectionId", connectionId);
            fields.verify();
            return Objects.requireNonNull(connectionId);
        }
    }

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<UnclaimedPage> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable String limit) {
        int size = QueryText.limit(limit);
        UUID before = PageCursor.decode(cursor, UUID::fromString);
        if (caller.tenants() != null) {
            return Uni.createFrom().item(new UnclaimedPage(List.of(), null));
        }
        return consents.waiting(before, size)
                .map(found -> found.size() <= size
                        ? new UnclaimedPage(found, null)
                        : new UnclaimedPage(
                                found.subList(0, size),
                                PageCursor.encode(found.get(size - 1).id())));
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<Unclaimed> get(UUID id) {
        return waiting(id);
    }

    /** The operator says whose it is. */
    @POST
    @Path("{id}/assign")
    @RolesAllowed({"admin", "operator"})
    public Uni<RestResponse<AdoptionAnswer>> assign(UUID id, Assignment assignment) {
        UUID wanted = assignment.check();
        foreign.connections(List.of(wanted));
        String actor = caller.id();
        return waiting(id).chain(unclaimed -> connections
                .find(List.of(wanted), caller.tenants())
                .map(UnclaimedResource::only)
                .chain(connection -> assign(unclaimed, connection, actor)));
    }

    private Uni<RestResponse<AdoptionAnswer>> assign(Unclaimed unclaimed, ConnectionView connection, String actor) {
        if (!UnclaimedAdoption.fits(unclaimed, connection)) {
            throw conflict("The connection is for another app, region or account, or was given up.");
        }
        return adoption.heldElsewhere(unclaimed, connection).chain(held -> {
            if (held) {
                throw conflict("Another connection of the tenant holds this account.");
            }
            return adoption.adopt(unclaimed, connection, new Claimant(null, null, Locale.ENGLISH.getLanguage(), actor))
                    .chain(attempt -> {
                        if (attempt == null) {
                            throw ProblemException.notFound();
                        }
                        return AdoptionAnswer.of(attempt, connections);
                    });
        });
    }

    /** Nobody wants it: its token is destroyed. */
    @DELETE
    @Path("{id}")
    @RolesAllowed({"admin", "operator"})
    public Uni<Void> discard(UUID id) {
        String actor = caller.id();
        return waiting(id).chain(unclaimed -> consents.end(unclaimed.id(), Stage.WAITING, "DISCARDED", actor));
    }

    private Uni<Unclaimed> waiting(UUID id) {
        if (caller.tenants() != null) {
            throw ProblemException.notFound();
        }
        return consents.find(id).onItem().ifNull().failWith(ProblemException::notFound);
    }

    private static ConnectionView only(List<ConnectionView> found) {
        if (found.isEmpty()) {
            throw ProblemException.invalidField("connectionId", "must be a connection");
        }
        return found.get(0);
    }

    private static ProblemException conflict(String detail) {
        return new ProblemException(StandardProblem.CONFLICT, detail);
    }
}
