package io.perennial.bench.budget;

import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.FetchTables;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import io.perennial.fetch.quota.BucketKey;
import io.perennial.fetch.quota.Buckets;
import io.perennial.fetch.quota.QuotaBuckets;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How much of Amazon's quota each policy uses, and how often it is refused. All on a virtual clock, so that hours pass in
 * seconds and the machine does not matter; efficiency is the ideal time by the time taken.
 */
public final class BudgetBenchmark implements Benchmark {
    private static final String OURS = "stored bucket";
    private static final int SEEDS = 7;
    private static final int FEW_PAGES = 21;
    private static final int RATE_CHANGES = 2;
    private static final int PAIRS = 1_000_000;
    private static final int PAIRS_QUICKLY = 50_000;
    private static final UUID CONNECTION = UUID.fromString("01990000-0000-7000-8000-000000000002");
    private static final UUID JOB = UUID.fromString("01990000-0000-7000-8000-000000000001");

    /** A client of the world of a seed, for a scenario. */
    private interface Clients extends Function<Scenario, LongFunction<Supplier<Policy>>> {}

    @Override
    public String name() {
        return "budget";
    }

    @Override
    public String measures() {
        return "how much of Amazon's quota is used and how often it refuses, on a virtual clock, beside models of others";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        int seeds = settings.quick() ? 1 : SEEDS;
        Map<String, Map<Scenario, Outcome>> all = new LinkedHashMap<>();
        Map<String, Object> costs = new TreeMap<>();
        try (FetchTables tables = FetchTables.create(lab, 2)) {
            FetchTables.connection(lab, CONNECTION, "tenant-1");
            FetchTables.fetch(lab, JOB, CONNECTION, "tenant-1", StoredBucket.EPOCH);
            lab.forgetStatements();
            all.put(OURS, outcomes(stored(tables.pool()), seeds));
            double pages = Scenario.all().stream().mapToInt(Scenario::pages).sum() * (double) seeds;
            costs.put("statements_per_page", rounded(statements(lab) / pages));
        }
        rounds.progress().say("  " + OURS + ": done");
        Models.all().forEach((name, model) -> all.put(name, outcomes(scenario -> seed -> model, seeds)));
        say(rounds, all);
        List<Result> results = new ArrayList<>(results(all, costs, settings, seeds));
        results.add(state(lab, settings));
        return results;
    }

    /** The clients of one world share their bucket, as those of one pair of application and seller do. */
    private static Clients stored(Pool pool) {
        return scenario -> {
            QuotaBuckets buckets = Buckets.of(pool, scenario.share());
            Plan plan = scenario.plan();
            return seed -> {
                BucketKey key = Buckets.key(UUID.randomUUID().toString(), plan.burst(), plan.interval());
                return () -> new StoredBucket(buckets, key, JOB);
            };
        };
    }

    private static Map<Scenario, Outcome> outcomes(Clients clients, int seeds) {
        Map<Scenario, Outcome> outcomes = new LinkedHashMap<>();
        Scenario.all()
                .forEach(scenario -> outcomes.put(scenario, Outcome.of(scenario, clients.apply(scenario), seeds)));
        return outcomes;
    }

    private static List<Result> results(
            Map<String, Map<Scenario, Outcome>> all, Map<String, Object> costs, Settings settings, int seeds) {
        Map<Scenario, Outcome> ours = all.getOrDefault(OURS, Map.of());
        Map<String, Object> configuration = new TreeMap<>();
        configuration.put("seeds", seeds);
        configuration.put("clock", "virtual");
        configuration.put("latency", "300 ms, up to 30 % more or less");
        configuration.put("plans", "burst 20; one request in 60 s (v0) or in 180 s (2026-01-01)");
        configuration.put("share", "all of the plan is ours; where others use 30 % of it, 0.7");
        configuration.put("interval", "worst and best seed, not a bootstrap");
        Map<String, Object> counters = new TreeMap<>(costs);
        all.forEach((policy, outcomes) -> counters.put(policy, described(outcomes)));
        List<Outcome> stable = some(ours, Scenario::stable);
        Scenario twenty = new Scenario(Plan.SEARCH_ORDERS, 20, Weather.STEADY, false);
        Score faster =
                of(ours, twenty).fasterThan(of(all.getOrDefault("model: Amazon's SDK for Java", Map.of()), twenty));
        boolean conclusive = !settings.quick();
        return List.of(
                Result.of(
                        new Title("budget", "of the ideal speed, 100 pages and more", "the plan itself"),
                        Goal.atLeast(0.995),
                        Outcome.leastEfficiency(
                                some(ours, scenario -> scenario.stable() && scenario.pages() > FEW_PAGES)),
                        conclusive,
                        counters,
                        configuration),
                Result.of(
                        new Title("budget-few-pages", "of the ideal speed, 1, 20 and 21 pages", "the plan itself"),
                        Goal.atLeast(0.98),
                        Outcome.leastEfficiency(
                                some(ours, scenario -> scenario.stable() && scenario.pages() <= FEW_PAGES)),
                        conclusive,
                        Map.of(),
                        configuration),
                Result.of(
                        new Title("budget-refused", "answers 429 on a stable plan", "the plan itself"),
                        Goal.exactly(0),
                        Outcome.mostRefused(stable),
                        conclusive,
                        Map.of(),
                        configuration),
                Result.of(
                        new Title("budget-shared", "of the ideal speed of our share", "others who use 30 %"),
                        Goal.atLeast(0.995),
                        Outcome.leastEfficiency(some(ours, scenario -> scenario.weather() == Weather.SHARED)),
                        conclusive,
                        Map.of(
                                "refused_429",
                                Outcome.mostRefused(some(ours, scenario -> scenario.weather() == Weather.SHARED))
                                        .high()),
                        configuration),
                Result.of(
                        new Title("budget-changing", "answers 429 for each change of the rate", "the header"),
                        Goal.atMost(1),
                        each(Outcome.mostRefused(some(ours, scenario -> scenario.weather() == Weather.CHANGING))),
                        conclusive,
                        Map.of(),
                        configuration),
                Result.of(
                        new Title("budget-burst", "times as fast at 20 pages", "model: Amazon's SDK for Java"),
                        Goal.atLeast(100),
                        faster,
                        conclusive,
                        Map.of(),
                        configuration));
    }

    private static Outcome of(Map<Scenario, Outcome> outcomes, Scenario scenario) {
        return some(outcomes, scenario::equals).get(0);
    }

    private static Score each(Score refused) {
        return new Score(refused.median() / RATE_CHANGES, refused.low() / RATE_CHANGES, refused.high() / RATE_CHANGES);
    }

    private static List<Outcome> some(Map<Scenario, Outcome> outcomes, Predicate<Scenario> which) {
        return outcomes.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Map<String, Object> described(Map<Scenario, Outcome> outcomes) {
        Map<String, Object> all = new TreeMap<>();
        outcomes.forEach((scenario, outcome) -> all.put(scenario.toString(), outcome.described()));
        return all;
    }

    /** What a pair of application and seller costs that was used once. */
    private static Result state(Lab lab, Settings settings) {
        int pairs = settings.quick() ? PAIRS_QUICKLY : PAIRS;
        lab.execute(
                FetchTables.DATABASE,
                "truncate quota_bucket",
                """
                insert into quota_bucket (app_id, account_id, region, operation, burst, spacing, share, full_at)
                select '01990000-0000-7000-8000-000000000003', 'A' || (1000000000000 + n), 'EU', 'searchOrders', 20,
                       interval '180 s', 1, '2026-03-01Z'::timestamptz + n * interval '1 s'
                from generate_series(1, %d) as n
                """
                        .formatted(pairs));
        double bytes = lab.count(FetchTables.DATABASE, "select pg_total_relation_size('quota_bucket')");
        double table = lab.count(FetchTables.DATABASE, "select pg_relation_size('quota_bucket')");
        double perPair = bytes / pairs;
        return Result.of(
                new Title("budget-state", "bytes for each pair, with the index", "nothing"),
                Goal.atMost(64),
                new Score(perPair, perPair, perPair),
                !settings.quick(),
                Map.of("pairs", pairs, "bytes_in_the_table", rounded(table / pairs)),
                Map.of("row", "ids, plan, share and one stamp; nothing is kept in memory"));
    }

    private static double statements(Lab lab) {
        return lab.ask("select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database d on d.oid = s.dbid"
                + " where d.datname = '" + FetchTables.DATABASE + "'");
    }

    private static double rounded(double value) {
        return Configuration.rounded(value);
    }

    private static void say(Rounds rounds, Map<String, Map<Scenario, Outcome>> all) {
        all.forEach((policy, outcomes) -> outcomes.forEach((scenario, outcome) -> {
            if (scenario.weather() == Weather.STEADY && !scenario.restart()) {
                rounds.progress()
                        .say(String.format(
                                Locale.ROOT,
                                "  %-38s %-28s E %.3f, %.0f refused",
                                policy,
                                scenario,
                                Score.median(outcome.efficiency()),
                                Score.median(outcome.refused())));
            }
        }));
    }
}
