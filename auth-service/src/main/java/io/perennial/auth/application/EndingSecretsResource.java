package io.perennial.auth.application;

import io.perennial.clock.DomainClock;
import io.perennial.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.util.List;

/** {@code /api/client-secrets}: which applications need a new secret. */
@Path("/api/client-secrets")
public class EndingSecretsResource {
    private static final int LONGEST = 3_650;

    private final AppSecrets secrets;
    private final DomainClock clock;

    EndingSecretsResource(AppSecrets secrets, DomainClock clock) {
        this.secrets = secrets;
        this.clock = clock;
    }

    /** The newest secrets that end, the first to end first. */
    public record EndingList(List<EndingSecret> items) {}

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<EndingList> ending(@QueryParam("withinDays") @DefaultValue("30") int withinDays) {
        if (withinDays < 0 || withinDays > LONGEST) {
            throw ProblemException.invalidField("withinDays", "must be between 0 and " + LONGEST);
        }
        return secrets.ending(clock.instant().plus(Duration.ofDays(withinDays))).map(EndingList::new);
    }
}
