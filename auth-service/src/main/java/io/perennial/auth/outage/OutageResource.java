package io.perennial.auth.outage;

import io.perennial.contracts.Region;
import io.perennial.problem.ProblemException;
import io.perennial.service.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** {@code /api/outages}: what the provider is not asked for at present. */
@Path("/api/outages")
public class OutageResource {
    private final Outages outages;
    private final Caller caller;

    OutageResource(Outages outages, Caller caller) {
        this.outages = outages;
        this.caller = caller;
    }

    /** The open breakers, longest first. */
    public record OutageList(List<Outage> items) {}

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<OutageList> list() {
        return outages.all().map(OutageList::new);
    }

    /**
     * Ends an outage by hand: an operator knows that the refusals are meant, or that the fault is mended. It concerns every
     * tenant of the application.
     */
    @DELETE
    @Path("{app}/{region}")
    @RolesAllowed("admin")
    public Uni<Void> clear(UUID app, String region) {
        caller.requireAllTenants();
        Region known = Arrays.stream(Region.values())
                .filter(one -> one.name().equals(region))
                .findFirst()
                .orElseThrow(ProblemException::notFound);
        return outages.clearByHand(app, known, caller.id())
                .invoke(cleared -> {
                    if (!cleared) {
                        throw ProblemException.notFound();
                    }
                })
                .replaceWithVoid();
    }
}
