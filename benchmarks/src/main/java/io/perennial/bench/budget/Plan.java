package io.perennial.bench.budget;

import java.time.Duration;

/**
 * A published usage plan (rate-limit table of Amazon's models, 2026-08).
 *
 * @param interval one request becomes possible in it
 * @param printed the rate as the header says it, rounded: slightly more than the plan
 */
record Plan(String name, int burst, Duration interval, double printed) {
    static final Plan ORDERS_V0 = new Plan("v0", 20, Duration.ofSeconds(60), 0.0167);
    static final Plan SEARCH_ORDERS = new Plan("2026-01-01", 20, Duration.ofSeconds(180), 0.0056);
}
