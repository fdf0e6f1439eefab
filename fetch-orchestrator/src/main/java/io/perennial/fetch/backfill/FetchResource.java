package io.perennial.fetch.backfill;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.clock.DomainClock;
import io.perennial.fetch.access.RenewedConnections;
import io.perennial.fetch.watermark.GapConfig;
import io.perennial.fetch.watermark.GapPolicy;
import io.perennial.fetch.watermark.Interval;
import io.perennial.fetch.watermark.OrderHistory;
import io.perennial.problem.ProblemException;
import io.perennial.service.Caller;
import io.perennial.service.IdempotencyKey;
import io.perennial.service.PageCursor;
import io.perennial.service.Shielded;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** "Fetch My Data", and what became of it. */
@Path("/api/fetches")
public class FetchResource {
    private static final int LONGEST_TENANT = 100;

    private final FetchRequests requests;
    private final FetchList list;
    private final BulkFetches bulks;
    private final RenewedConnections campaigns;
    private final Caller caller;
    private final GapPolicy gaps;
    private final DomainClock clock;
    private final BackfillConfig limits;

    FetchResource(
            FetchRequests requests,
            FetchList list,
            BulkFetches bulks,
            RenewedConnections campaigns,
            Caller caller,
            GapConfig gaps,
            DomainClock clock,
            BackfillConfig limits) {
        this.requests = requests;
        this.list = list;
        this.bulks = bulks;
        this.campaigns = campaigns;
        this.caller = caller;
        this.gaps = new GapPolicy(gaps);
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * What to fetch: connections, a tenant, or what a campaign has renewed.
     *
     * @param from null for what is not covered yet
     * @param to null for now
     */
    public record Wish(
            @Nullable List<@Nullable UUID> connections,
            @Nullable String tenant,
            @Nullable UUID campaign,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /** Fetches, with the cursor of the next page if there is one. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Fetches(List<Fetch> fetches, @Nullable String next) {}

    /** Bulk fetches, with the cursor of the next page if there is one. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Bulks(List<BulkFetch> bulks, @Nullable String next) {}

    /**
     * What was asked for.
     *
     * @param fetches none where there are too many of them for one answer
     * @param bulk only then: how far they are planned
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Accepted(List<Fetch> fetches, @Nullable BulkFetch bulk) {
        static RestResponse<Accepted> of(FetchRequests.Requested requested) {
            return RestResponse.status(
                    RestResponse.Status.ACCEPTED, new Accepted(requested.fetches(), requested.bulk()));
        }
    }

    @POST
    @RolesAllowed({"admin", "operator"})
    public Uni<RestResponse<Accepted>> request(
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey, @Nullable Wish wish) {
        if (wish == null) {
            throw ProblemException.invalidField("connections", "or tenant must be given");
        }
        FetchWish valid = new FetchWish(connections(wish), tenant(wish), wish.campaign(), window(wish));
        FetchRequests.Asker asker =
                new FetchRequests.Asker(caller.id(), caller.tenants(), IdempotencyKey.of(idempotencyKey, wish));
        // Asked before anything is locked: auth-service may take its time.
        Uni<FetchWish> whole = valid.campaign() == null
                ? Uni.createFrom().item(valid)
                : campaigns.renewed(valid.campaign(), limits.mostConnections()).map(valid::of);
        return whole.chain(found -> Shielded.uni(() -> requests.request(found, asker)))
                .map(Accepted::of);
    }

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<Fetches> find(
            @QueryParam("connection") @Nullable String connection,
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("state") @Nullable String state,
            @QueryParam("bulk") @Nullable String bulk,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        int size = PageCursor.limit(limit);
        FetchList.Filter filter = new FetchList.Filter(
                caller.tenants(),
                connection == null ? null : id("connection", connection),
                tenant,
                state(FetchState.class, state),
                bulk == null ? null : id("bulk", bulk),
                PageCursor.decode(cursor, UUID::fromString),
                size);
        return Shielded.uni(() -> list.find(filter))
                .map(found -> new Fetches(page(found, size), next(found, size, Fetch::id)));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<Fetch> get(@PathParam("id") String id) {
        UUID known = idOrNotFound(id);
        String @Nullable [] tenants = caller.tenants();
        return Shielded.uni(() -> list.find(known, tenants))
                .map(found -> found.orElseThrow(ProblemException::notFound));
    }

    /** Bulk fetches, those of campaigns too unless a tenant is named. */
    @GET
    @Path("/bulk")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<Bulks> findBulks(
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("state") @Nullable String state,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        int size = PageCursor.limit(limit);
        BulkFetches.Filter filter = new BulkFetches.Filter(
                caller.tenants(),
                tenant,
                state(BulkFetch.State.class, state),
                PageCursor.decode(cursor, UUID::fromString),
                size);
        return Shielded.uni(() -> bulks.find(filter))
                .map(found -> new Bulks(page(found, size), next(found, size, BulkFetch::id)));
    }

    /** How far the fetches of a large tenant or campaign are planned. */
    @GET
    @Path("/bulk/{id}")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<BulkFetch> bulk(@PathParam("id") String id) {
        UUID known = idOrNotFound(id);
        String @Nullable [] tenants = caller.tenants();
        return Shielded.uni(() -> bulks.find(known, tenants))
                .map(found -> found.orElseThrow(ProblemException::notFound));
    }

    /** Plans no more of them. Those that were planned go on. */
    @POST
    @Path("/bulk/{id}/cancel")
    @RolesAllowed({"admin", "operator"})
    public Uni<BulkFetch> cancelBulk(@PathParam("id") String id) {
        UUID known = idOrNotFound(id);
        String @Nullable [] tenants = caller.tenants();
        return Shielded.uni(() -> bulks.cancel(known, tenants).chain(() -> bulks.find(known, tenants)))
                .map(found -> found.orElseThrow(ProblemException::notFound))
                .invoke(bulk -> requireCancelled(bulk.state() == BulkFetch.State.CANCELLED));
    }

    /** Ends a fetch. What it did not read, the next daily fetch reads. */
    @POST
    @Path("/{id}/cancel")
    @RolesAllowed({"admin", "operator"})
    public Uni<Fetch> cancel(@PathParam("id") String id) {
        UUID known = idOrNotFound(id);
        FetchRequests.Asker asker = new FetchRequests.Asker(caller.id(), caller.tenants(), null);
        return Shielded.uni(() -> requests.cancel(known, asker).chain(() -> list.find(known, asker.tenants())))
                .map(found -> found.orElseThrow(ProblemException::notFound))
                .invoke(fetch -> requireCancelled(fetch.state() == FetchState.CANCELLED));
    }

    private static void requireCancelled(boolean cancelled) {
        if (!cancelled) {
            throw new ProblemException(FetchProblem.FETCH_ENDED, FetchProblem.FETCH_ENDED.title());
        }
    }

    /** Plans what a fetch that failed or was cancelled has not read, as a fetch of its own. */
    @POST
    @Path("/{id}/retry")
    @RolesAllowed({"admin", "operator"})
    public Uni<RestResponse<Accepted>> retry(
            @PathParam("id") String id, @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
        UUID known = idOrNotFound(id);
        FetchRequests.Asker asker = new FetchRequests.Asker(
                caller.id(), caller.tenants(), IdempotencyKey.of(idempotencyKey, Map.of("retry", known)));
        return Shielded.uni(() -> requests.retry(known, asker)).map(Accepted::of);
    }

    private static <T> List<T> page(List<T> found, int size) {
        return found.subList(0, Math.min(size, found.size()));
    }

    private static <T> @Nullable String next(List<T> found, int size, Function<T, UUID> id) {
        return found.size() > size ? PageCursor.encode(id.apply(found.get(size - 1))) : null;
    }

    private List<UUID> connections(Wish wish) {
        List<@Nullable UUID> named = wish.connections();
        if (wish.campaign() != null && (named != null || wish.tenant() != null)) {
            throw ProblemException.invalidField("campaign", "must be given alone");
        }
        if (named == null) {
            return List.of();
        }
        if (wish.tenant() != null) {
            throw ProblemException.invalidField("connections", "must be absent when tenant is given");
        }
        if (named.isEmpty() || named.size() > limits.mostConnections()) {
            throw ProblemException.invalidField(
                    "connections", "must name 1 to " + limits.mostConnections() + " connections");
        }
        if (new HashSet<>(named).size() != named.size() || named.contains(null)) {
            throw ProblemException.invalidField("connections", "must name each connection once");
        }
        return named.stream()
                .<UUID>mapMulti((id, sink) -> {
                    if (id != null) {
                        sink.accept(id);
                    }
                })
                .toList();
    }

    private @Nullable String tenant(Wish wish) {
        String tenant = wish.tenant();
        if (tenant == null) {
            if (wish.connections() == null && wish.campaign() == null) {
                throw ProblemException.invalidField("connections", "or tenant or campaign must be given");
            }
            return null;
        }
        if (tenant.isBlank() || tenant.length() > LONGEST_TENANT) {
            throw ProblemException.invalidField("tenant", "must be 1 to " + LONGEST_TENANT + " characters");
        }
        caller.requireTenant("tenant", tenant);
        return tenant;
    }

    private @Nullable Interval window(Wish wish) {
        Instant from = wish.from();
        Instant to = wish.to();
        if (from == null) {
            if (to != null) {
                throw ProblemException.invalidField("from", "must be given with to");
            }
            return null;
        }
        Instant now = clock.instant();
        if (from.isBefore(gaps.with(OrderHistory.SINCE_2016).earliest(now))) {
            throw FetchRequests.tooOld();
        }
        if (to != null && to.isAfter(now)) {
            throw ProblemException.invalidField("to", "must not be in the future");
        }
        Instant latest = gaps.latestEnd(now);
        Instant end = to == null || to.isAfter(latest) ? latest : to;
        if (!from.isBefore(end)) {
            throw ProblemException.invalidField(
                    "from", to == null ? "must be more than some minutes ago" : "must be before to");
        }
        return new Interval(from, end);
    }

    private static <S extends Enum<S>> @Nullable S state(Class<S> states, @Nullable String text) {
        try {
            return text == null ? null : Enum.valueOf(states, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField("state", "must be one of " + List.of(states.getEnumConstants()));
        }
    }

    private static UUID id(String field, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField(field, "must be an id");
        }
    }

    private static UUID idOrNotFound(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound();
        }
    }
}
