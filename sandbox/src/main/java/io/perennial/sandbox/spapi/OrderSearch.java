package io.perennial.sandbox.spapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.order.OrderBook;
import io.perennial.sandbox.order.OrderQuery;
import io.perennial.sandbox.order.OrderQuery.Axis;
import io.perennial.sandbox.order.OrderQuery.Position;
import io.perennial.sandbox.order.PlacedOrder;
import io.perennial.sandbox.seed.Dice;
import io.perennial.sandbox.sellingpartner.Marketplace;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads one page of orders. Within a page the orders are shuffled, for nobody promises their order. */
@Singleton
class OrderSearch {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(
            List<OrderView> orders,
            @Nullable Pagination pagination,
            @Nullable Instant lastUpdatedBefore,
            @Nullable Instant createdBefore) {}

    record Pagination(String nextToken) {}

    record OneOrder(OrderView order) {}

    private final OrderBook book;
    private final PageTokens pageTokens;
    private final SandboxClock clock;

    OrderSearch(OrderBook book, PageTokens pageTokens, SandboxClock clock) {
        this.book = book;
        this.pageTokens = pageTokens;
        this.clock = clock;
    }

    Page search(Caller caller, SearchParameters parameters) {
        Instant now = clock.instant();
        checkMarketplaces(caller, parameters.marketplaceIds());
        Optional<PageTokens.Continuation> continuation =
                Optional.ofNullable(parameters.pageToken()).map(token -> pageTokens.redeem(caller, parameters, token));
        Instant upperBound =
                continuation.map(PageTokens.Continuation::upperBound).orElseGet(() -> parameters.upperBound(now));
        if (!caller.isAtHome()) {
            return page(parameters, upperBound, List.of(), null);
        }
        OrderQuery query = new OrderQuery(
                caller.account(),
                parameters.axis(),
                parameters.after(),
                upperBound,
                filter(parameters, now),
                continuation.map(PageTokens.Continuation::position).orElse(null));
        List<PlacedOrder> found = book.read(query, parameters.pageSize() + 1, now);
        boolean more = found.size() > parameters.pageSize();
        List<PlacedOrder> shown = more ? found.subList(0, parameters.pageSize()) : found;
        String next = more ? nextToken(caller, parameters, upperBound, shown.get(shown.size() - 1), now) : null;
        return page(parameters, upperBound, shuffled(shown, parameters, now), next);
    }

    OneOrder find(Caller caller, String orderId, Set<SearchParameters.IncludedData> included) {
        Instant now = clock.instant();
        return Optional.of(caller)
                .filter(Caller::isAtHome)
                .flatMap(home -> book.find(home.account(), orderId, now))
                .filter(order -> order.isRememberedAt(now))
                .map(order -> new OneOrder(OrderView.of(order, included, now)))
                .orElseThrow(() -> SpApiRefusal.notFound("The requested order was not found."));
    }

    private static void checkMarketplaces(Caller caller, List<String> marketplaceIds) {
        for (String id : marketplaceIds) {
            Marketplace marketplace = Marketplace.withId(id)
                    .orElseThrow(() -> SpApiRefusal.invalidInput("marketplaceIds has an unknown value."));
            if (marketplace.region() != caller.endpoint()) {
                throw SpApiRefusal.denied("The marketplaces you provided are not valid for region.");
            }
        }
    }

    private static Predicate<PlacedOrder> filter(SearchParameters parameters, Instant now) {
        return order -> order.isRememberedAt(now)
                && (parameters.marketplaceIds().isEmpty()
                        || parameters
                                .marketplaceIds()
                                .contains(order.marketplace().id()))
                && (parameters.statuses().isEmpty()
                        || parameters.statuses().contains(order.statusAt(now).name()))
                && (parameters.fulfilledBy().isEmpty()
                        || parameters.fulfilledBy().contains(order.fulfilledByAmazon() ? "AMAZON" : "MERCHANT"));
    }

    private String nextToken(
            Caller caller, SearchParameters parameters, Instant upperBound, PlacedOrder last, Instant now) {
        Instant time = parameters.axis() == Axis.CREATED ? last.createdTime() : last.lastUpdatedTime(now);
        return pageTokens.issue(
                caller, parameters, new PageTokens.Continuation(new Position(time, last.orderId()), upperBound));
    }

    private static List<OrderView> shuffled(List<PlacedOrder> orders, SearchParameters parameters, Instant now) {
        Dice dice = new Dice(parameters.identity().hashCode());
        return orders.stream()
                .sorted(Comparator.comparingLong(order -> dice.roll(order.dice().seed())))
                .map(order -> OrderView.of(order, parameters.includedData(), now))
                .toList();
    }

    private static Page page(
            SearchParameters parameters, Instant upperBound, List<OrderView> orders, @Nullable String nextToken) {
        boolean created = parameters.axis() == Axis.CREATED;
        return new Page(
                orders,
                nextToken == null ? null : new Pagination(nextToken),
                created ? null : upperBound,
                created ? upperBound : null);
    }
}
