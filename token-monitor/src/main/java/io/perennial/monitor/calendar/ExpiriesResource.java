package io.perennial.monitor.calendar;

import io.perennial.clock.DomainClock;
import io.perennial.service.Caller;
import io.perennial.service.PageCursor;
import io.perennial.service.Shielded;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What lapses when. */
@Path("/api/expiries")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({"admin", "operator", "viewer"})
public class ExpiriesResource {
    /** No grant lasts longer than 365 days, so nothing ends beyond. */
    private static final QueryNumber WITHIN_DAYS = new QueryNumber("withinDays", 0, 400);

    private static final QueryNumber MONTHS = new QueryNumber("months", 1, 24);
    private static final QueryNumber LIMIT = new QueryNumber("limit", 1, 200);

    private final Expiries expiries;
    private final DomainClock clock;
    private final Caller caller;

    @Inject
    ExpiriesResource(Expiries expiries, DomainClock clock, Caller caller) {
        this.expiries = expiries;
        this.clock = clock;
        this.caller = caller;
    }

    @GET
    @Operation(
            summary = "Connections whose grants end soon",
            description = "Soonest end first, those already overdue included while they are announced.")
    public Uni<ExpiryPage> soon(
            @QueryParam("withinDays") @Nullable String withinDays,
            @QueryParam("tenant") @Size(max = 100) @Pattern(regexp = "[^\\p{Cntrl}]*") @Nullable String tenant,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        Instant now = clock.instant();
        Instant horizon = now.plus(Duration.ofDays(WITHIN_DAYS.orElse(withinDays, 30)));
        Expiries.Page page = Expiries.Page.of(cursor, LIMIT.orElse(limit, PageCursor.limit(null)));
        return Shielded.uni(() -> expiries.page(tenants(tenant), now, horizon, page));
    }

    @GET
    @Path("/calendar")
    @Produces({MediaType.APPLICATION_JSON, ExpiryCalendar.CSV, ExpiryCalendar.ICALENDAR})
    @Operation(
            summary = "How many grants end on each day",
            description = "From today (UTC) on, only grants that still work. As CSV and iCalendar with the tenants.")
    public Uni<ExpiryCalendar> calendar(
            @QueryParam("tenant") @Size(max = 100) @Pattern(regexp = "[^\\p{Cntrl}]*") @Nullable String tenant,
            @QueryParam("months") @Nullable String months) {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate until = today.plusMonths(MONTHS.orElse(months, 12));
        return Shielded.uni(() -> expiries.calendar(tenants(tenant), now, today, until));
    }

    private Expiries.Tenants tenants(@Nullable String only) {
        return new Expiries.Tenants(caller.tenants(), only);
    }
}
