package io.perennial.bench.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A backfill: so many pages of a plan, in some weather, perhaps by a client that is started again in the middle. */
record Scenario(Plan plan, int pages, Weather weather, boolean restart) {
    private static final int[] PAGES = {1, 20, 21, 100, 500};
    private static final int PAGES_OVER_CHANGES = 120;

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (Plan plan : List.of(Plan.ORDERS_V0, Plan.SEARCH_ORDERS)) {
            IntStream.of(PAGES)
                    .boxed()
                    .flatMap(pages -> Stream.concat(
                            Stream.of(Weather.STEADY, Weather.SILENT, Weather.NONSENSE)
                                    .map(weather -> new Scenario(plan, pages, weather, false)),
                            pages > 1 ? Stream.of(new Scenario(plan, pages, Weather.STEADY, true)) : Stream.empty()))
                    .forEach(all::add);
            all.add(new Scenario(plan, 100, Weather.SHARED, false));
            all.add(new Scenario(plan, 500, Weather.SHARED, false));
            all.add(new Scenario(plan, PAGES_OVER_CHANGES, Weather.CHANGING, false));
        }
        return all;
    }

    /** Whether Amazon's plan stays as published and is nobody else's. */
    boolean stable() {
        return weather == Weather.STEADY || weather == Weather.SILENT || weather == Weather.NONSENSE;
    }

    /** What nobody does better: the burst at once and then a page whenever there is a token, but not before its answer. */
    Duration ideal(Duration answering) {
        double nanos = 0;
        for (int page = (int) (plan.burst() * share() + 1e-9); page < pages; page++) {
            nanos += weather.interval(page, plan).toNanos() / share();
        }
        Duration refilled = Duration.ofNanos(Math.round(nanos));
        return refilled.compareTo(answering) > 0 ? refilled : answering;
    }

    /** Part of the plan that a client may use. */
    double share() {
        return 1 - weather.theirShare();
    }

    @Override
    public String toString() {
        return plan.name() + ", " + pages + (pages == 1 ? " page, " : " pages, ") + (restart ? "restart" : weather);
    }
}
