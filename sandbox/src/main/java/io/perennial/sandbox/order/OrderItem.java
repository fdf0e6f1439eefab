package io.perennial.sandbox.order;

import io.perennial.sandbox.seed.Dice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** One line of an order; products come from the seller's small catalogue, which follows the seed as well. */
public record OrderItem(
        String orderItemId, String sellerSku, String asin, String title, int quantity, BigDecimal unitPrice) {

    private static final int CATALOGUE = 40;
    private static final String ASIN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String[] ADJECTIVES = {"Compact", "Classic", "Sturdy", "Bright", "Quiet", "Folding"};
    private static final String[] NOUNS = {"Lamp", "Kettle", "Notebook", "Backpack", "Brush", "Puzzle", "Bowl", "Clamp"
    };

    public static List<OrderItem> of(PlacedOrder order) {
        Dice dice = order.dice().child(PlacedOrder.ITEMS);
        int lines = dice.between(1, 1, 10) <= 7 ? 1 : dice.between(2, 2, 3);
        List<OrderItem> items = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            items.add(item(order, dice.child(10 + line)));
        }
        return items;
    }

    public BigDecimal total() {
        return unitPrice.multiply(BigDecimal.valueOf(quantity));
    }

    private static OrderItem item(PlacedOrder order, Dice dice) {
        int number = dice.between(1, 1, CATALOGUE);
        Dice product = new Dice(order.seller().ordinal()).child(number);
        boolean wholeUnits = order.marketplace().currency().equals("JPY");
        int cents = product.between(3, 499, 8999);
        return new OrderItem(
                dice.letters(2, 14, "0123456789"),
                String.format(
                        java.util.Locale.ROOT, "SKU-%02d-%04d", order.seller().ordinal(), number),
                "B0" + product.letters(4, 8, ASIN_LETTERS),
                ADJECTIVES[product.between(5, 0, ADJECTIVES.length - 1)] + " "
                        + NOUNS[product.between(6, 0, NOUNS.length - 1)],
                dice.between(7, 1, 10) <= 8 ? 1 : dice.between(8, 2, 4),
                wholeUnits ? BigDecimal.valueOf(cents) : BigDecimal.valueOf(cents, 2));
    }
}
