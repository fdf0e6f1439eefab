package io.perennial.sandbox.order;

import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.order.OrderQuery.Axis;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** What really happened, for whoever checks that no order was missed; as it stands at the domain's now. */
@Path("/sandbox/orders")
class OrderTruth {

    record Line(String orderId, String marketplaceId, Instant createdTime, Instant lastUpdatedTime) {}

    private final OrderBook book;
    private final SellingPartners partners;
    private final SandboxClock clock;

    OrderTruth(OrderBook book, SellingPartners partners, SandboxClock clock) {
        this.book = book;
        this.partners = partners;
        this.clock = clock;
    }

    /** Both ends are included; without them, from 30 days ago until now. */
    @GET
    public List<Line> orders(
            @RestQuery @Nullable String seller,
            @RestQuery @Nullable String updatedAfter,
            @RestQuery @Nullable String updatedBefore) {
        if (seller == null) {
            throw Refusal.badRequest("seller is missing");
        }
        SellingPartner account = partners.get(seller);
        Instant now = clock.instant();
        Instant to = updatedBefore == null ? now : instant("updatedBefore", updatedBefore);
        Instant from = updatedAfter == null ? now.minusSeconds(30L * 24 * 3600) : instant("updatedAfter", updatedAfter);
        OrderQuery query = new OrderQuery(account, Axis.UPDATED, from, to, order -> true, null);
        return book.read(query, Integer.MAX_VALUE, now).stream()
                .map(order -> new Line(
                        order.orderId(), order.marketplace().id(), order.createdTime(), order.lastUpdatedTime(now)))
                .toList();
    }

    static Instant instant(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw Refusal.badRequest(name + " must be an instant such as 2026-01-31T00:00:00Z");
        }
    }
}
