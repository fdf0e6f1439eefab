package io.perennial.fetch.watermark;

import java.time.Instant;
import java.util.Collection;
import java.util.Set;

/**
 * How far back Amazon answers for orders: two years, and in Japan, Australia and Singapore from 2016 on (Orders API, both
 * versions).
 */
public enum OrderHistory {
    TWO_YEARS,
    SINCE_2016;

    static final Instant BEGIN_OF_2016 = Instant.parse("2016-01-01T00:00:00Z");
    private static final Set<String> KEPT = Set.of("A1VC38T7YXB528", "A39IBJ37TRP1C6", "A19VAU5U5O7RUS");

    /** Of the marketplaces together. */
    public static OrderHistory of(Collection<String> marketplaces) {
        return !marketplaces.isEmpty() && KEPT.containsAll(marketplaces) ? SINCE_2016 : TWO_YEARS;
    }
}
