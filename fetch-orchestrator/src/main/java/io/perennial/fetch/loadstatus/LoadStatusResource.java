package io.perennial.fetch.loadstatus;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.clock.DomainClock;
import io.perennial.problem.ProblemException;
import io.perennial.service.Caller;
import io.perennial.service.PageCursor;
import io.perennial.service.Shielded;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Day by day, what was loaded. */
@Path("/api/load-status")
public class LoadStatusResource {
    private static final int DEFAULT_DAYS = 30;
    private static final int MOST_DAYS = 92;

    private final LoadStatus status;
    private final Caller caller;
    private final DomainClock clock;

    LoadStatusResource(LoadStatus status, Caller caller, DomainClock clock) {
        this.status = status;
        this.caller = caller;
        this.clock = clock;
    }

    /** Status of connections, by tenant and id. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Answer(List<OfConnection> connections, @Nullable String next) {}

    public record OfConnection(UUID connectionId, String externalId, List<Day> days) {}

    /** @param profiles that a snapshot was taken of; absent for sellers, as orders are none for advertisers */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Day(
            LocalDate date, DayStatus status, int orders, @Nullable Integer profiles, @Nullable String code) {}

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<Answer> find(
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("connection") @Nullable String connection,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        LocalDate today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
        LocalDate last = to == null ? today : date("to", to);
        LocalDate first = from == null ? last.minusDays(DEFAULT_DAYS - 1) : date("from", from);
        if (first.isAfter(last)) {
            throw ProblemException.invalidField("from", "must not be after to");
        }
        if (ChronoUnit.DAYS.between(first, last) >= MOST_DAYS) {
            throw ProblemException.invalidField("from", "must be at most " + MOST_DAYS + " days before to");
        }
        LoadStatus.Filter filter = new LoadStatus.Filter(
                tenants(tenant),
                connection == null ? null : id("connection", connection),
                after(cursor),
                PageCursor.limit(limit));
        return Shielded.uni(() -> status.find(filter, first, last));
    }

    /** Of the tenants that the caller may see, the one that is asked for. */
    private String @Nullable [] tenants(@Nullable String tenant) {
        if (tenant == null) {
            return caller.tenants();
        }
        return caller.sees(tenant) ? new String[] {tenant} : new String[0];
    }

    private static LoadStatus.@Nullable After after(@Nullable String cursor) {
        List<String> parts = PageCursor.decode(cursor, 2);
        if (parts == null) {
            return null;
        }
        if (parts.get(0).indexOf('\0') >= 0) {
            throw ProblemException.invalidField("cursor", "must be one that was given out");
        }
        return new LoadStatus.After(parts.get(0), id("cursor", parts.get(1)));
    }

    private static UUID id(String field, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField(field, "must be an id");
        }
    }

    private static LocalDate date(String field, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw ProblemException.invalidField(field, "must be a date like 2026-01-31");
        }
    }
}
