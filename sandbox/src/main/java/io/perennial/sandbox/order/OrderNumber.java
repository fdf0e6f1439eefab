package io.perennial.sandbox.order;

import io.perennial.sandbox.seed.Dice;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An order id (3-7-7 digits) that says where its order comes from, so that one order is found without reading any other. The
 * fourteen digits are scrambled by a small Feistel network over two halves, the first three are a checksum.
 *
 * @param kind how the order came to be
 * @param source the seller's position for a daily order, the row for an injected one
 * @param day epoch day of a daily order, else 0
 * @param index within the day or the injection
 */
record OrderNumber(Kind kind, long source, long day, long index) {

    enum Kind {
        DAILY,
        INJECTED
    }

    private static final long HALF = 10_000_000;
    private static final int ROUNDS = 4;

    /** Room for daily orders of fifty thousand sellers. */
    private static final long INJECTED_FROM = 50_000_000_000_000L;

    private static final Pattern FORM = Pattern.compile("(\\d{3})-(\\d{7})-(\\d{7})");

    String text(Dice dice) {
        long value = kind == Kind.DAILY
                ? (source * 100_000 + day) * 10_000 + index
                : INJECTED_FROM + source * 1_000_000 + index;
        long left = value / HALF;
        long right = value % HALF;
        for (int round = 0; round < ROUNDS; round++) {
            long next = Math.floorMod(left + Math.floorMod(dice.child(round).roll(right), HALF), HALF);
            left = right;
            right = next;
        }
        return String.format(Locale.ROOT, "%03d-%07d-%07d", checksum(dice, left, right), left, right);
    }

    static Optional<OrderNumber> parse(Dice dice, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long left = Long.parseLong(matcher.group(2));
        long right = Long.parseLong(matcher.group(3));
        if (checksum(dice, left, right) != Long.parseLong(matcher.group(1))) {
            return Optional.empty();
        }
        for (int round = ROUNDS - 1; round >= 0; round--) {
            long previous =
                    Math.floorMod(right - Math.floorMod(dice.child(round).roll(left), HALF), HALF);
            right = left;
            left = previous;
        }
        return Optional.of(of(left * HALF + right));
    }

    private static OrderNumber of(long value) {
        if (value >= INJECTED_FROM) {
            long rest = value - INJECTED_FROM;
            return new OrderNumber(Kind.INJECTED, rest / 1_000_000, 0, rest % 1_000_000);
        }
        long sourceAndDay = value / 10_000;
        return new OrderNumber(Kind.DAILY, sourceAndDay / 100_000, sourceAndDay % 100_000, value % 10_000);
    }

    private static long checksum(Dice dice, long left, long right) {
        return 100 + Math.floorMod(dice.child(left).roll(right), 900L);
    }
}
