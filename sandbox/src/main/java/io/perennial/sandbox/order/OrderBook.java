package io.perennial.sandbox.order;

import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads orders. A page costs what lies in its own stretch of the window plus the longest life of an order. */
@Singleton
public class OrderBook {

    private record Entry(long second, PlacedOrder order) {}

    private static final Comparator<Entry> BY_TIME_AND_ID = Comparator.comparingLong(Entry::second)
            .thenComparing(entry -> entry.order().orderId());

    private final SellingPartners partners;
    private final DailyOrders daily;
    private final InjectedOrders injected;

    OrderBook(SellingPartners partners, InjectedOrders injected) {
        this.partners = partners;
        this.daily = new DailyOrders(partners.seed());
        this.injected = injected;
    }

    /** The first {@code limit} orders of the query as they stand at {@code now}. */
    public List<PlacedOrder> read(OrderQuery query, int limit, Instant now) {
        Reading reading = new Reading(query, now.getEpochSecond());
        long oldest =
                query.firstSecond() - (query.axis() == OrderQuery.Axis.UPDATED ? PlacedOrder.LONGEST_LIFE_SECONDS : 0);
        long youngest = Math.min(query.lastSecond(), now.getEpochSecond());
        injected.placedBetween(query.seller(), Instant.ofEpochSecond(oldest), Instant.ofEpochSecond(youngest))
                .forEach(reading::offer);
        long lastDay = Math.floorDiv(youngest, DailyOrders.SECONDS_OF_DAY);
        for (long day = Math.floorDiv(oldest, DailyOrders.SECONDS_OF_DAY); day <= lastDay; day++) {
            daily.each(query.seller(), day, reading::offer);
            if (reading.complete(limit, (day + 1) * DailyOrders.SECONDS_OF_DAY)) {
                break;
            }
        }
        return reading.first(limit);
    }

    public Optional<PlacedOrder> find(SellingPartner seller, String orderId, Instant now) {
        return OrderNumber.parse(daily.numbers(), orderId)
                .flatMap(number -> order(seller, number))
                .filter(order -> order.orderId().equals(orderId) && order.createdSecond() <= now.getEpochSecond());
    }

    private Optional<PlacedOrder> order(SellingPartner seller, OrderNumber number) {
        if (number.kind() == OrderNumber.Kind.INJECTED) {
            return injected.find(seller, number.source(), (int) number.index());
        }
        boolean own = partners.atPosition((int) number.source())
                .filter(seller::equals)
                .isPresent();
        return own && number.index() < daily.count(seller, number.day())
                ? Optional.of(daily.order(seller, number.day(), (int) number.index()))
                : Optional.empty();
    }

    /** Collects what fits and knows when orders placed later can not come before what it has. */
    private static final class Reading {

        private final OrderQuery query;
        private final long now;
        private final long first;
        private final long last;
        private final List<Entry> entries = new ArrayList<>();

        Reading(OrderQuery query, long now) {
            this.query = query;
            this.now = now;
            this.first = query.firstSecond();
            this.last = query.lastSecond();
        }

        void offer(PlacedOrder order) {
            if (order.createdSecond() > now) {
                return;
            }
            long second =
                    query.axis() == OrderQuery.Axis.CREATED ? order.createdSecond() : order.lastUpdatedSecond(now);
            if (second >= first
                    && second <= last
                    && isAfterPosition(second, order)
                    && query.filter().test(order)) {
                entries.add(new Entry(second, order));
            }
        }

        boolean complete(int limit, long nextOrderPlacedFrom) {
            return entries.size() >= limit
                    && entries.stream()
                                    .filter(entry -> entry.second() < nextOrderPlacedFrom)
                                    .count()
                            >= limit;
        }

        List<PlacedOrder> first(int limit) {
            return entries.stream()
                    .sorted(BY_TIME_AND_ID)
                    .limit(limit)
                    .map(Entry::order)
                    .toList();
        }

        private boolean isAfterPosition(long second, PlacedOrder order) {
            OrderQuery.Position position = query.after();
            if (position == null || second > position.time().getEpochSecond()) {
                return true;
            }
            return second == position.time().getEpochSecond() && order.orderId().compareTo(position.orderId()) > 0;
        }
    }
}
