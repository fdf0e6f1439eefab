package io.perennial.fetch.retry;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.Provider;
import io.perennial.problem.ProblemException;
import io.perennial.service.Caller;
import io.perennial.service.Shielded;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How often a request is tried again that Amazon answered with an error: to be looked at, and set by an admin of the whole
 * deployment. The mode governs answers with a status from 400 on: NONE lets the first one end the fetch, ANY tries again as often
 * as {@code mostAttempts} says, STATUS_MATCHES does so for those in the list; outside the list a refusal (4xx) ends the fetch and
 * a 5xx is waited out as a passing fault. Whatever the mode, a 429 of the Selling Partner API waits for the quota and an open
 * breaker for its end.
 */
@Path("/api/retry-settings")
public class RetrySettingsResource {
    private static final int MOST_ATTEMPTS = 20;
    private static final int MOST_STATUSES = 20;

    private final RetryStore store;
    private final Caller caller;
    private final DomainClock clock;

    RetrySettingsResource(RetryStore store, Caller caller, DomainClock clock) {
        this.store = store;
        this.caller = caller;
        this.clock = clock;
    }

    /** Settings as they are sent; what is absent is refused by name. */
    public record Wish(
            @Nullable RetryMode mode,
            @Nullable List<@Nullable Integer> statuses,
            @Nullable Integer mostAttempts,
            @Nullable Boolean multiply) {}

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<Map<Provider, RetrySettings>> all() {
        return Shielded.uni(store::all);
    }

    @PUT
    @Path("/{provider}")
    @RolesAllowed("admin")
    public Uni<RetrySettings> set(@PathParam("provider") String name, @Nullable Wish wish) {
        Provider provider = Arrays.stream(Provider.values())
                .filter(known -> known.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(ProblemException::notFound);
        caller.requireAllTenants();
        RetrySettings settings = valid(wish == null ? new Wish(null, null, null, null) : wish);
        String by = caller.id();
        return Shielded.uni(() -> store.set(provider, settings, by, clock.instant()))
                .replaceWith(settings);
    }

    private static RetrySettings valid(Wish wish) {
        RetryMode mode = required("mode", wish.mode());
        List<@Nullable Integer> statuses = required("statuses", wish.statuses());
        boolean good = statuses.size() <= MOST_STATUSES
                && new HashSet<>(statuses).size() == statuses.size()
                && statuses.stream().allMatch(status -> status != null && status >= 400 && status <= 599);
        if (!good) {
            throw ProblemException.invalidField(
                    "statuses", "must be at most " + MOST_STATUSES + " different HTTP statuses from 400 to 599");
        }
        int mostAttempts = required("mostAttempts", wish.mostAttempts());
        if (mostAttempts < 0 || mostAttempts > MOST_ATTEMPTS) {
            throw ProblemException.invalidField("mostAttempts", "must be 0 to " + MOST_ATTEMPTS);
        }
        List<Integer> known = statuses.stream().map(Objects::requireNonNull).toList();
        return new RetrySettings(mode, known, mostAttempts, required("multiply", wish.multiply()));
    }

    private static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw ProblemException.invalidField(field, "must be given");
        }
        return value;
    }
}
