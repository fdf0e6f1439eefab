package io.perennial.sandbox.order;

import io.perennial.sandbox.seed.Dice;
import io.perennial.sandbox.sellingpartner.Marketplace;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;

/** The orders that a seller gets day by day, without end in either direction but the marketplace's memory. */
final class DailyOrders {

    static final int SECONDS_OF_DAY = 24 * 3600;

    private static final long FIRST_DAY = LocalDate.of(2016, 1, 1).toEpochDay();
    private static final int COUNT = 1;
    private static final int SECOND = 1;

    private final Dice numbers;
    private final Dice dice;

    DailyOrders(long seed) {
        this.numbers = new Dice(seed).child(101);
        this.dice = new Dice(seed).child(102);
    }

    Dice numbers() {
        return numbers;
    }

    void each(SellingPartner seller, long day, Consumer<PlacedOrder> consumer) {
        int count = count(seller, day);
        for (int index = 0; index < count; index++) {
            consumer.accept(order(seller, day, index));
        }
    }

    /** A day's count lies within a third of the seller's usual one. */
    int count(SellingPartner seller, long day) {
        int usual = seller.ordersPerDay();
        if (usual == 0 || day < FIRST_DAY) {
            return 0;
        }
        int spread = usual / 3;
        return ofDay(seller, day).between(COUNT, usual - spread, usual + spread);
    }

    PlacedOrder order(SellingPartner seller, long day, int index) {
        Dice own = ofDay(seller, day).child(1000L + index);
        long created = day * SECONDS_OF_DAY + own.child(SECOND).between(SECOND, 0, SECONDS_OF_DAY - 1);
        String id = new OrderNumber(OrderNumber.Kind.DAILY, seller.ordinal(), day, index).text(numbers);
        return new PlacedOrder(id, seller, marketplace(seller, own), created, own);
    }

    static Marketplace marketplace(SellingPartner seller, Dice dice) {
        List<Marketplace> marketplaces = seller.marketplaces();
        return marketplaces.get(dice.between(PlacedOrder.MARKETPLACE, 0, marketplaces.size() - 1));
    }

    private Dice ofDay(SellingPartner seller, long day) {
        return dice.child(seller.ordinal()).child(day);
    }
}
