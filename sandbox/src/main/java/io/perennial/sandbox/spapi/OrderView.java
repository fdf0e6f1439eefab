package io.perennial.sandbox.spapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.sandbox.order.FulfillmentStatus;
import io.perennial.sandbox.order.OrderItem;
import io.perennial.sandbox.order.PlacedOrder;
import io.perennial.sandbox.spapi.SearchParameters.IncludedData;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An order as the model of 2026-01-01 shapes it; sets of data that were not asked for are absent, people always are. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderView(
        String orderId,
        Instant createdTime,
        Instant lastUpdatedTime,
        SalesChannel salesChannel,
        @Nullable Proceeds proceeds,
        @Nullable Fulfillment fulfillment,
        List<Item> orderItems) {

    record SalesChannel(String channelName, String marketplaceId, String marketplaceName) {}

    record Money(String amount, String currencyCode) {}

    record Proceeds(Money grandTotal) {}

    record Fulfillment(FulfillmentStatus fulfillmentStatus, String fulfilledBy, String fulfillmentServiceLevel) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            String orderItemId,
            int quantityOrdered,
            Product product,
            @Nullable ItemProceeds proceeds,
            @Nullable ItemFulfillment fulfillment) {}

    record Product(String asin, String title, String sellerSku, Price price) {}

    record Price(Money unitPrice) {}

    record ItemProceeds(Money proceedsTotal, List<Breakdown> breakdowns) {}

    record Breakdown(String type, Money subtotal) {}

    record ItemFulfillment(int quantityFulfilled, int quantityUnfulfilled) {}

    static OrderView of(PlacedOrder order, Set<IncludedData> included, Instant now) {
        List<OrderItem> items = OrderItem.of(order);
        String currency = order.marketplace().currency();
        FulfillmentStatus status = order.statusAt(now);
        boolean proceeds = included.contains(IncludedData.PROCEEDS);
        boolean fulfillment = included.contains(IncludedData.FULFILLMENT);
        BigDecimal total = items.stream().map(OrderItem::total).reduce(BigDecimal.ZERO, BigDecimal::add);
        return new OrderView(
                order.orderId(),
                order.createdTime(),
                order.lastUpdatedTime(now),
                new SalesChannel(
                        "AMAZON", order.marketplace().id(), order.marketplace().title()),
                proceeds ? new Proceeds(money(total, currency)) : null,
                fulfillment
                        ? new Fulfillment(status, order.fulfilledByAmazon() ? "AMAZON" : "MERCHANT", "STANDARD")
                        : null,
                items.stream()
                        .map(item -> item(item, currency, proceeds, fulfillment ? status : null))
                        .toList());
    }

    private static Item item(
            OrderItem item, String currency, boolean proceeds, @Nullable FulfillmentStatus fulfillment) {
        Money total = money(item.total(), currency);
        int shipped = fulfillment == FulfillmentStatus.SHIPPED ? item.quantity() : 0;
        return new Item(
                item.orderItemId(),
                item.quantity(),
                new Product(item.asin(), item.title(), item.sellerSku(), new Price(money(item.unitPrice(), currency))),
                proceeds ? new ItemProceeds(total, List.of(new Breakdown("ITEM", total))) : null,
                fulfillment == null ? null : new ItemFulfillment(shipped, item.quantity() - shipped));
    }

    private static Money money(BigDecimal amount, String currency) {
        return new Money(amount.toPlainString(), currency);
    }
}
