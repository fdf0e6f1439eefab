package io.perennial.bench.fairness;

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
import io.perennial.fetch.backfill.Decisions;
import io.perennial.fetch.backfill.VirtualLoop;
import io.perennial.fetch.backfill.VirtualLoop.Ended;
import io.perennial.fetch.backfill.VirtualLoop.Seller;
import io.perennial.fetch.quota.Buckets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One large seller among a thousand, one large tenant among fifty, and a million fetches that are due at the same time. */
public final class FairnessBenchmark implements Benchmark {
    /** As the service is delivered: perennial.backfill.parallel and perennial.quota.share. */
    private static final int PARALLEL = 64;

    private static final double SHARE = 0.7;
    private static final Duration LATENCY = Duration.ofMillis(300);

    private static final int SMALL_PAGES = 20;
    private static final int LARGE_PAGES = 500;
    private static final int TENANTS = 50;
    private static final int FETCHES_OF_A_TENANT = 120;
    private static final int TIMES_LARGER = 100;
    private static final int PAGES_AT_A_GO = 3;
    private static final int DECISIONS = 25;

    @Override
    public String name() {
        return "fairness";
    }

    @Override
    public String measures() {
        return "how much a large seller slows small ones and a large tenant small ones, and what deciding costs";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        try (FetchTables tables = FetchTables.create(lab, 2)) {
            List<Result> results = new ArrayList<>(sellers(tables, rounds));
            results.add(tenants(tables, settings));
            rounds.progress().say("  one large tenant among " + TENANTS + ": done");
            results.addAll(decisions(lab, tables, settings));
            return results;
        }
    }

    private static VirtualLoop loop(FetchTables tables) {
        return new VirtualLoop(tables.service(), Buckets.of(tables.pool(), SHARE), PARALLEL, LATENCY);
    }

    private static List<Result> sellers(FetchTables tables, Rounds rounds) {
        boolean quick = rounds.settings().quick();
        int small = quick ? 199 : 999;
        List<Seller> crowd = Collections.nCopies(small, new Seller("tenant-1", SMALL_PAGES));
        List<Seller> all = new ArrayList<>(List.of(new Seller("tenant-1", quick ? 100 : LARGE_PAGES)));
        all.addAll(crowd);
        double alone = seconds(loop(tables).run(crowd.subList(0, 1), Integer.MAX_VALUE))
                .get(0);
        List<Double> without = seconds(loop(tables).run(crowd, Integer.MAX_VALUE));
        rounds.progress().say("  " + small + " small sellers alone: done");
        List<Double> with = seconds(loop(tables).run(all, Integer.MAX_VALUE)).subList(1, all.size());
        rounds.progress().say("  " + small + " small sellers beside a large one: done");
        double[] slowdown = with.stream().mapToDouble(each -> each / alone).toArray();
        double p99 = p99(slowdown);
        Map<String, Object> counters = new TreeMap<>();
        counters.put("seconds_alone", Configuration.rounded(alone));
        counters.put("slowdown_median", Configuration.rounded(Score.median(slowdown)));
        counters.put("p99_seconds_beside_the_large_one", Configuration.rounded(p99 * alone));
        double p99Without = p99(without.stream().mapToDouble(each -> each).toArray());
        counters.put("p99_seconds_without_the_large_one", Configuration.rounded(p99Without));
        double byLarge = p99 * alone / p99Without;
        Map<String, Object> configuration = configuration();
        configuration.put(
                "sellers",
                small + " with " + SMALL_PAGES + " pages, one with "
                        + all.get(0).pages());
        return List.of(
                Result.of(
                        new Title("fairness-sellers", "times as long as alone, p99 of small sellers", "each alone"),
                        Goal.atMost(1.05),
                        exactly(p99),
                        !quick,
                        counters,
                        configuration),
                Result.of(
                        new Title(
                                "fairness-large-seller",
                                "times as long as without the large one, p99 of small sellers",
                                "the small ones alone"),
                        Goal.atMost(1.05),
                        exactly(byLarge),
                        !quick,
                        Map.of(),
                        configuration));
    }

    /** While every tenant still has fetches that are due: half of what the small ones have is read. */
    private static Result tenants(FetchTables tables, Settings settings) {
        int times = settings.quick() ? 10 : TIMES_LARGER;
        List<Seller> sellers = new ArrayList<>();
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            // the large one has more fetches, and each of them reads more pages in one go
            boolean large = tenant == 0;
            int fetches = large ? times * FETCHES_OF_A_TENANT / PAGES_AT_A_GO : FETCHES_OF_A_TENANT;
            sellers.addAll(Collections.nCopies(fetches, new Seller("tenant-" + tenant, large ? PAGES_AT_A_GO : 1)));
        }
        Ended half = loop(tables).run(sellers, TENANTS * FETCHES_OF_A_TENANT / 2);
        Collection<Integer> shares = half.pagesOf().values();
        Map<String, Object> configuration = configuration();
        configuration.put(
                "tenants", TENANTS + ", of which one has " + times + " times the pages and reads them three at a go");
        return Result.of(
                new Title("fairness-tenants", "Jain's index of the tenants' pages", "each the same"),
                Goal.atLeast(0.99),
                exactly(shares.size() < TENANTS ? 0 : jain(shares)),
                !settings.quick(),
                Map.of(
                        "pages_of_the_large_one",
                        half.pagesOf().getOrDefault("tenant-0", 0),
                        "pages_of_a_small_one_least",
                        Collections.min(shares),
                        "pages_of_a_small_one_most",
                        half.pagesOf().entrySet().stream()
                                .filter(tenant -> !tenant.getKey().equals("tenant-0"))
                                .mapToInt(Map.Entry::getValue)
                                .max()
                                .orElse(0)),
                configuration);
    }

    private static List<Result> decisions(Lab lab, FetchTables tables, Settings settings) {
        int sellers = settings.quick() ? 20_000 : 1_000_000;
        lab.execute(
                FetchTables.DATABASE,
                "truncate fetch_job, connection_view cascade",
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence)
                select ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'tenant-' || n %% 1000, n::text,
                       'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1
                from generate_series(1, %d) as n
                """
                        .formatted(sellers),
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, next_attempt_at, priority)
                select connection_id, connection_id, tenant_id, 'DAILY', 'WAITING', '{*}', '2026-02-28Z', '2026-03-01Z',
                       '2026-02-28Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', 1
                from connection_view order by md5(connection_id::text)
                """,
                "vacuum (analyze) fetch_job");
        Decisions decisions = new Decisions(tables.service());
        Instant now = Instant.parse("2026-03-01T00:01:00Z");
        double[] whole = new double[Settings.ENOUGH_ROUNDS];
        double[] turns = new double[Settings.ENOUGH_ROUNDS];
        // a first round warms up
        for (int round = -1; round < Settings.ENOUGH_ROUNDS; round++) {
            double seconds = 0;
            double inMemory = 0;
            int granted = 0;
            for (int i = 0; i < (settings.quick() ? 5 : DECISIONS) * (round < 0 ? 4 : 1); i++) {
                Decisions.Round one = decisions.decide(now, PARALLEL);
                seconds += one.all();
                inMemory += one.turnsAlone();
                granted += one.granted();
            }
            if (round >= 0) {
                whole[round] = seconds / granted * 1e6;
                turns[round] = inMemory / granted * 1e6;
            }
        }
        Map<String, Object> configuration = configuration();
        configuration.put("due", sellers + " fetches of 1,000 tenants; 64 workers are free at a time");
        return List.of(
                Result.of(
                        new Title("fairness-turns", "µs for each fetch that is given a worker, turns alone", "nothing"),
                        Goal.atMost(5),
                        Score.of(turns),
                        settings.conclusive(),
                        Map.of(),
                        configuration),
                Result.of(
                        new Title("fairness-decision", "µs for each fetch, with its statements", "nothing"),
                        Goal.atMost(5),
                        Score.of(whole),
                        settings.conclusive(),
                        Map.of(),
                        configuration));
    }

    private static Map<String, Object> configuration() {
        Map<String, Object> all = new TreeMap<>();
        all.put("workers", PARALLEL);
        all.put("quota", "burst 20, one request in 180 s, of which 0.7 are ours; an answer takes 0.3 s");
        all.put("clock", "virtual; our own work takes no time on it");
        return all;
    }

    private static Score exactly(double value) {
        return new Score(value, value, value);
    }

    private static double p99(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(0.99 * sorted.length) - 1];
    }

    private static double jain(Collection<Integer> shares) {
        double sum = shares.stream().mapToDouble(share -> share).sum();
        double squares =
                shares.stream().mapToDouble(share -> (double) share * share).sum();
        return sum * sum / (shares.size() * squares);
    }

    private static List<Double> seconds(Ended ended) {
        return ended.took().stream().map(took -> took.toMillis() / 1000.0).toList();
    }
}
