package io.perennial.sandbox.order;

import io.perennial.sandbox.seed.Dice;
import io.perennial.sandbox.sellingpartner.Marketplace;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * One order with its whole life, known from the start; instants are in whole seconds.
 *
 * <p>Life: placed and pending, released for shipping within the hour, shipped or cancelled within two days, and now and then
 * touched once more up to two weeks later.
 */
public record PlacedOrder(
        String orderId, SellingPartner seller, Marketplace marketplace, long createdSecond, Dice dice) {

    /** No order changes later than this after it was placed. */
    static final long LONGEST_LIFE_SECONDS = 15L * 24 * 3600;

    private static final int HOUR = 3600;
    private static final int DAY = 24 * HOUR;

    static final int MARKETPLACE = 1;
    private static final int RELEASED_AFTER = 2;
    private static final int CANCELS = 3;
    private static final int CANCELLED_AFTER = 4;
    private static final int SHIPPED_AFTER = 5;
    private static final int TOUCHED = 6;
    private static final int TOUCHED_AFTER = 7;
    private static final int BY_AMAZON = 8;
    static final int ITEMS = 9;

    public Instant createdTime() {
        return Instant.ofEpochSecond(createdSecond);
    }

    public Instant lastUpdatedTime(Instant now) {
        return Instant.ofEpochSecond(lastUpdatedSecond(now.getEpochSecond()));
    }

    public boolean fulfilledByAmazon() {
        return dice.between(BY_AMAZON, 1, 10) <= 6;
    }

    public FulfillmentStatus statusAt(Instant now) {
        long second = now.getEpochSecond();
        if (second < releasedSecond()) {
            return FulfillmentStatus.PENDING;
        }
        if (second < settledSecond()) {
            return FulfillmentStatus.UNSHIPPED;
        }
        return cancels() ? FulfillmentStatus.CANCELLED : FulfillmentStatus.SHIPPED;
    }

    /** Orders older than two years are gone, except in three marketplaces. */
    public boolean isRememberedAt(Instant now) {
        if (marketplace.keepsOrdersSince2016()) {
            return true;
        }
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        return !createdTime()
                .isBefore(today.minusYears(2).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    long lastUpdatedSecond(long nowSecond) {
        long last = createdSecond;
        last = reached(releasedSecond(), nowSecond, last);
        last = reached(settledSecond(), nowSecond, last);
        return dice.between(TOUCHED, 1, 100) <= 3 ? reached(touchedSecond(), nowSecond, last) : last;
    }

    private static long reached(long event, long now, long otherwise) {
        return event <= now ? event : otherwise;
    }

    private boolean cancels() {
        return dice.between(CANCELS, 1, 100) <= 5;
    }

    private long releasedSecond() {
        return createdSecond + dice.between(RELEASED_AFTER, 20 * 60, HOUR);
    }

    private long settledSecond() {
        return createdSecond
                + (cancels()
                        ? dice.between(CANCELLED_AFTER, 2 * HOUR, 20 * HOUR)
                        : dice.between(SHIPPED_AFTER, 4 * HOUR, 2 * DAY));
    }

    private long touchedSecond() {
        return createdSecond + dice.between(TOUCHED_AFTER, 5 * DAY, 14 * DAY);
    }
}
