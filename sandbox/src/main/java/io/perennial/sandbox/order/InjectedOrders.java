package io.perennial.sandbox.order;

import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Row;
import io.perennial.sandbox.seed.Dice;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Orders that somebody asked for: a row says how many and when, the orders themselves are computed like the others. */
@Singleton
class InjectedOrders {

    record Injection(long id, String sellerId, int quantity, Instant from, Instant to) {}

    private final Database database;
    private final Dice numbers;
    private final Dice dice;

    InjectedOrders(Database database, SellingPartners partners) {
        this.database = database;
        this.numbers = new DailyOrders(partners.seed()).numbers();
        this.dice = new Dice(partners.seed()).child(103);
    }

    Injection inject(SellingPartner seller, int quantity, Instant from, Instant to) {
        return database.first(
                        """
                        insert into injected_orders (seller_id, quantity, placed_from, placed_to) values (?, ?, ?, ?)
                        returning *
                        """,
                        InjectedOrders::read,
                        seller.sellerId(),
                        quantity,
                        from,
                        to)
                .orElseThrow();
    }

    Stream<PlacedOrder> placedBetween(SellingPartner seller, Instant from, Instant to) {
        List<Injection> injections = database.list(
                "select * from injected_orders where seller_id = ? and placed_to >= ? and placed_from <= ? order by id",
                InjectedOrders::read,
                seller.sellerId(),
                from,
                to);
        return injections.stream().flatMap(injection -> IntStream.range(0, injection.quantity())
                .mapToObj(index -> order(seller, injection, index)));
    }

    Optional<PlacedOrder> find(SellingPartner seller, long injectionId, int index) {
        return database.first(
                        "select * from injected_orders where id = ? and seller_id = ?",
                        InjectedOrders::read,
                        injectionId,
                        seller.sellerId())
                .filter(injection -> index < injection.quantity())
                .map(injection -> order(seller, injection, index));
    }

    private PlacedOrder order(SellingPartner seller, Injection injection, int index) {
        Dice own = dice.child(injection.id()).child(index);
        long from = injection.from().getEpochSecond();
        long span = injection.to().getEpochSecond() - from;
        long created = from + Math.round(own.child(1).fraction(1) * span);
        String id = new OrderNumber(OrderNumber.Kind.INJECTED, injection.id(), 0, index).text(numbers);
        return new PlacedOrder(id, seller, DailyOrders.marketplace(seller, own), created, own);
    }

    private static Injection read(Row row) {
        return new Injection(
                row.number("id"),
                row.text("seller_id"),
                (int) row.number("quantity"),
                row.instant("placed_from"),
                row.instant("placed_to"));
    }
}
