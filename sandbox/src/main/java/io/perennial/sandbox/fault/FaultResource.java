package io.perennial.sandbox.fault;

import io.perennial.sandbox.control.Refusal;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Path("/sandbox/faults")
class FaultResource {

    private final Faults faults;

    FaultResource(Faults faults) {
        this.faults = faults;
    }

    @GET
    public List<Fault> all() {
        return faults.all();
    }

    /** Replaces all faults; an empty list ends every trouble. */
    @PUT
    public List<Fault> replace(@Nullable List<Fault> planned) {
        if (planned == null) {
            throw Refusal.badRequest("a list of faults is missing");
        }
        planned.forEach(FaultResource::check);
        faults.replace(planned);
        return faults.all();
    }

    @SuppressWarnings("NullAway") // Jackson leaves absent components null
    private static void check(Fault fault) {
        if (fault.operation() == null || fault.kind() == null) {
            throw Refusal.badRequest("every fault needs operation and kind");
        }
        if (!(fault.chance() >= 0 && fault.chance() <= 1)) {
            throw Refusal.badRequest("probability must lie between 0 and 1");
        }
        if (fault.kind() == FaultKind.QUOTA && (fault.rate() == null || fault.burst() == null)) {
            throw Refusal.badRequest("quota needs rate and burst");
        }
    }
}
