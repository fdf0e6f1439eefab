package io.perennial.bench.loadstatus;

import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.FetchTables;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.loadstatus.Shops.After;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Percentiles;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import io.perennial.fetch.loadstatus.StatusPages;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** One page of the load status, 50 connections by 60 days, among a million connections. */
public final class LoadStatusBenchmark implements Benchmark {
    private static final int CONNECTIONS = 1_000_000;
    private static final int CONNECTIONS_QUICKLY = 20_000;
    private static final int TENANTS = 100;
    private static final int POOL = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What somebody would write who needs the page and nothing else: one statement, months and attempts as they stand. */
    private static final String BY_HAND =
            """
            with page as (
                select connection_id, tenant_id, external_id, provider, state from connection_view
                where tenant_id = $1 and connection_id > $2 order by connection_id limit $3),
            attempts as (
                select j.connection_id, array_agg(j.state) as states, array_agg(j.window_from) as froms,
                       array_agg(j.window_to) as tos, array_agg(j.code) as codes
                from fetch_job j
                where j.tenant_id = $1 and j.connection_id in (select connection_id from page)
                  and j.window_to > $4::date and j.window_from < $5::date + 1
                  and j.state in ('WAITING', 'RUNNING', 'PARKED', 'FAILED')
                group by j.connection_id)
            select p.connection_id, p.external_id, p.provider, p.state, m.month, m.orders, m.complete, m.touched, m.lost,
                   a.states, a.froms, a.tos, a.codes
            from page p
            left join load_month m on m.tenant_id = p.tenant_id and m.connection_id = p.connection_id
                 and m.month between date_trunc('month', $4::date)::date and $5::date
            left join attempts a on a.connection_id = p.connection_id
            """;

    @Override
    public String name() {
        return "load-status";
    }

    @Override
    public String measures() {
        return "pages of the load status a second among a million connections, and what one reads";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        Shops shops = new Shops(settings.quick() ? CONNECTIONS_QUICKLY : CONNECTIONS, TENANTS);
        try (FetchTables tables = FetchTables.create(lab, POOL)) {
            shops.create(lab);
            rounds.progress().say("  " + shops.connections() + " connections with their months: created");
            StatusPages pages = new StatusPages(tables.service());
            Pages ofTenant = new Pages(
                    "page of a tenant",
                    shops,
                    after -> pages.read(
                            after.tenant(),
                            after.tenant(),
                            after.connection(),
                            Shops.ON_A_PAGE,
                            Shops.FIRST,
                            Shops.LAST));
            Pages ofAll = new Pages(
                    "page of all",
                    shops,
                    after -> pages.read(
                            null, after.tenant(), after.connection(), Shops.ON_A_PAGE, Shops.FIRST, Shops.LAST));
            Pages byHand = new Pages("statement by hand", shops, after -> byHand(tables.pool(), after));
            Run run = rounds.run(List.of(byHand, ofTenant, ofAll));
            return results(settings, shops, run, byHand, ofTenant, ofAll);
        }
    }

    private static int byHand(Pool pool, After after) {
        Tuple values = Tuple.of(after.tenant(), after.connection(), Shops.ON_A_PAGE, Shops.FIRST, Shops.LAST);
        RowSet<Row> rows = pool.preparedQuery(BY_HAND).execute(values).await().atMost(PATIENCE);
        int months = 0;
        for (Row row : rows) {
            months += row.getArrayOfIntegers("orders").length > 0 ? 1 : 0;
        }
        return months == Shops.ON_A_PAGE * 3 ? Shops.ON_A_PAGE * Shops.DAYS : 0;
    }

    private interface Reading {
        int at(After after);
    }

    /** One page after the other, each somewhere else; how long each took is kept for the rounds that count. */
    private record Pages(String name, Shops shops, Reading reading, Random random, List<Double> slowest)
            implements Arm {
        Pages(String name, Shops shops, Reading reading) {
            this(name, shops, reading, new Random(name.hashCode()), new ArrayList<>());
        }

        @Override
        public String database() {
            return FetchTables.DATABASE;
        }

        @Override
        public Work work(Duration length) {
            LongStream.Builder took = LongStream.builder();
            long began = System.nanoTime();
            long items = 0;
            while (System.nanoTime() - began < length.toNanos()) {
                After after = shops.somewhere(random);
                long asked = System.nanoTime();
                int days = reading.at(after);
                took.add(System.nanoTime() - asked);
                if (days != Shops.ON_A_PAGE * Shops.DAYS) {
                    throw new IllegalStateException(name + " has " + days + " days");
                }
                items++;
            }
            slowest.add(Percentiles.of(took.build().toArray()).p99());
            return new Work(items, (System.nanoTime() - began) / 1e9);
        }

        /** Of the cells of the rounds, without those that warmed up. */
        Score p99(int rounds) {
            List<Double> counted = slowest.subList(Math.max(0, slowest.size() - 2 * rounds), slowest.size());
            return Score.of(counted.stream().mapToDouble(each -> each).toArray());
        }
    }

    private static List<Result> results(
            Settings settings, Shops shops, Run run, Pages byHand, Pages ofTenant, Pages ofAll) {
        Map<String, Object> configuration = Configuration.of(run, Lab.POSTGRES);
        configuration.put("connections", shops.connections());
        configuration.put("tenants", shops.tenants());
        configuration.put("page", Shops.ON_A_PAGE + " connections by " + Shops.DAYS + " days, anywhere");
        configuration.put("path", "the service's own code and statements, without HTTP");
        Map<String, Object> counters = new TreeMap<>();
        for (Pages arm : List.of(byHand, ofTenant, ofAll)) {
            Map<String, Object> cost = new TreeMap<>(Configuration.rounded(run.perItem(arm.name())));
            cost.put("per_second", Configuration.rounded(run.rate(arm.name()).median()));
            cost.put("p99_ms", Configuration.rounded(arm.p99(settings.rounds()).median()));
            counters.put(arm.name(), cost);
        }
        boolean conclusive = settings.conclusive() && run.valid();
        double buffers = Math.max(
                run.perItem(ofTenant.name()).getOrDefault("buffers", Double.NaN),
                run.perItem(ofAll.name()).getOrDefault("buffers", Double.NaN));
        return List.of(
                Result.of(
                        new Title("load-status", "times as long", byHand.name()),
                        Goal.atMost(1.3),
                        run.ratio(byHand.name(), ofTenant.name()),
                        conclusive,
                        counters,
                        configuration),
                Result.of(
                        new Title("load-status-buffers", "buffers for a page, the dearer kind", "nothing"),
                        Goal.atMost(200),
                        new Score(buffers, buffers, buffers),
                        // counted, not timed
                        !settings.quick(),
                        Map.of(),
                        configuration),
                Result.of(
                        new Title("load-status-p99", "ms, p99 of a tenant's page", "nothing"),
                        Goal.atMost(10),
                        ofTenant.p99(settings.rounds()),
                        conclusive,
                        Map.of(),
                        configuration),
                Result.of(
                        new Title("load-status-p99-all", "ms, p99 of a page of all tenants", "nothing"),
                        Goal.atMost(10),
                        ofAll.p99(settings.rounds()),
                        conclusive,
                        Map.of(),
                        configuration));
    }
}
