package io.perennial.sandbox.order;

import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * More orders than usual. They are as if they had always been there: placed in a window that somebody has already read, they
 * can not be found by reading on.
 */
@Path("/sandbox/sellers/{id}/orders")
class OrderInjection {

    private static final int MOST = 999_999;

    private final InjectedOrders injected;
    private final SellingPartners partners;
    private final SandboxClock clock;

    OrderInjection(InjectedOrders injected, SellingPartners partners, SandboxClock clock) {
        this.injected = injected;
        this.partners = partners;
        this.clock = clock;
    }

    /** Spread over the window from {@code from} to {@code to}; both are now when absent. */
    @POST
    @ResponseStatus(201)
    public InjectedOrders.Injection inject(
            String id,
            @RestQuery @Nullable Integer count,
            @RestQuery @Nullable String from,
            @RestQuery @Nullable String to) {
        if (count == null || count < 1 || count > MOST) {
            throw Refusal.badRequest("count must lie between 1 and " + MOST);
        }
        Instant now = clock.instant();
        Instant end = to == null ? now : OrderTruth.instant("to", to);
        Instant start = from == null ? end : OrderTruth.instant("from", from);
        if (start.isAfter(end)) {
            throw Refusal.badRequest("from must not be after to");
        }
        return injected.inject(partners.get(id), count, start, end);
    }
}
