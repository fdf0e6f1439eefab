package io.perennial.bench.expiry;

import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Fit;
import io.perennial.bench.measure.Fit.Point;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Claims of few and many due connections in small and large tables: cost = a + b * due + c * total, where c has to be zero
 * within its interval. The server's own times and counts, the median of the rounds for each pair.
 */
public final class GrowthBenchmark implements Benchmark {
    private static final Instant FIRST = Instant.parse("2026-12-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(365);
    private static final List<Integer> DUE = List.of(0, 10, 100, 1_000, 5_000);

    @Override
    public String name() {
        return "claim-growth";
    }

    @Override
    public String measures() {
        return "what a claim costs by what is due, and by what exists (PERENNIAL_BENCH_ROWS=10000000: up to ten million)";
    }

    private record Pair(int due, int total) {}

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        Map<Pair, List<ClaimCost>> costs = new java.util.LinkedHashMap<>();
        Map<Integer, Watched> tables = new TreeMap<>();
        for (int total : Sizes.of(settings)) {
            rounds.progress().say("  watching " + total);
            tables.put(total, Watched.create(lab, "watched_" + total).watch(total, FIRST, FIRST.plus(SPAN)));
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            tables.forEach((total, watched) -> {
                watched.settle();
                for (int due : DUE) {
                    ClaimCost cost = ClaimCost.of(lab, watched, dueAtOnce(due, total), due);
                    costs.computeIfAbsent(new Pair(due, total), pair -> new ArrayList<>())
                            .add(cost);
                }
            });
            rounds.progress().say("  round " + round + " of " + settings.rounds());
        }
        Map<String, Object> configuration = new TreeMap<>();
        configuration.put("rounds", settings.rounds());
        configuration.put("quick", settings.quick());
        configuration.put("postgres", new TreeMap<>(Lab.POSTGRES));
        configuration.put("batch", Batches.LARGEST);
        return List.of(
                fitted("claim-growth", "ms", ClaimCost::millis, costs, settings, configuration),
                fitted("claim-growth-buffers", "buffers", ClaimCost::buffers, costs, settings, configuration));
    }

    /** When so many of them are due. */
    private static Instant dueAtOnce(int due, int total) {
        return due == 0
                ? FIRST.minusSeconds(60)
                : FIRST.plus(SPAN.multipliedBy(due).dividedBy(total)).plusMillis(1);
    }

    private static Result fitted(
            String name,
            String unit,
            ToDoubleFunction<ClaimCost> value,
            Map<Pair, List<ClaimCost>> costs,
            Settings settings,
            Map<String, Object> configuration) {
        List<Point> points = new ArrayList<>();
        Map<String, Object> counters = new TreeMap<>();
        costs.forEach((pair, claims) -> {
            double median = Score.median(claims.stream().mapToDouble(value).toArray());
            points.add(new Point(pair.due / 1e3, pair.total / 1e6, median));
            counters.put(pair.due + " due of " + pair.total, Configuration.rounded(median));
        });
        Fit fit = Fit.of(points);
        counters.put("for a claim", fit.fixed());
        counters.put("for a thousand due", fit.due());
        return Result.of(
                new Title(name, unit + " for a million connections more", "nothing"),
                Goal.within(0),
                fit.total(),
                settings.conclusive(),
                counters,
                configuration);
    }
}
