package io.perennial.bench.ingest;

import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.FetchTables;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Orders that Amazon has answered with, stored once each whatever comes twice. */
public final class IngestBenchmark implements Benchmark {
    /** About so many fetches are stored in a second; every arm takes the same rows. */
    private static final int SELLERS_A_SECOND = 5;

    private static final int PAGES_OF_A_SELLER = 10;

    /** Connections of the service's pool (quarkus.datasource.reactive.max-size). */
    private static final int POOL = 12;

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public String measures() {
        return "orders stored a second from ready pages, and what the same pages change when they come again";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        ReadyPages ready = new ReadyPages(
                Math.toIntExact(SELLERS_A_SECOND * settings.cell().toSeconds()), PAGES_OF_A_SELLER);
        try (FetchTables tables = FetchTables.create(lab, POOL)) {
            StoredPages ours = new StoredPages(lab, tables, ready, POOL);
            WrittenRows rows = new WrittenRows(lab, lab.newDirectory("ingest"), ready.orders());
            ours.prepare(settings.cell());
            ours.work(settings.cell());
            rows.keep();
            Arm copied = rows.copied();
            Arm batched = rows.batched();
            Run run = rounds.run(List.of(copied, batched, ours));
            return List.of(
                    Result.of(
                            new Title("ingest", "of the rate", copied.name()),
                            Goal.atLeast(0.5),
                            run.ratio(ours.name(), copied.name()),
                            settings.conclusive() && run.valid(),
                            costs(run, copied, batched, ours),
                            configuration(run, ready)),
                    Result.of(
                            new Title("ingest-batches", "of the rate", batched.name()),
                            Goal.atLeast(0.5),
                            run.ratio(ours.name(), batched.name()),
                            settings.conclusive() && run.valid(),
                            Map.of(),
                            configuration(run, ready)),
                    again(lab, ours, ready, settings, run));
        }
    }

    /** Rows that are not the ones they were after every page came a second time. */
    private static Result again(Lab lab, StoredPages ours, ReadyPages ready, Settings settings, Run run) {
        ours.prepare(settings.cell());
        lab.forgetStatements();
        ours.work(settings.cell());
        lab.listStatements(FetchTables.DATABASE, ready.orders() / ReadyPages.ORDERS);
        lab.execute(
                FetchTables.DATABASE,
                "create table digest_before as select connection_id, order_id, ctid as place from order_digest",
                "create table month_before as select connection_id, month, orders from load_month");
        long events = orderEvents(lab);
        ours.prepareAgain();
        ours.work(settings.cell());
        long digests = lab.count(
                FetchTables.DATABASE,
                """
                select count(*) from order_digest d full join digest_before b using (connection_id, order_id)
                where d.ctid is distinct from b.place
                """);
        long months = lab.count(
                FetchTables.DATABASE,
                """
                select count(*) from load_month m full join month_before b using (connection_id, month)
                where m.orders is distinct from b.orders
                """);
        double changed = digests + months + orderEvents(lab) - events;
        return Result.of(
                new Title("ingest-again", "rows changed by the same pages", "digests, days and order events"),
                Goal.exactly(0),
                new Score(changed, changed, changed),
                // counted, not timed
                !settings.quick(),
                Map.of("orders", ready.orders()),
                configuration(run, ready));
    }

    private static long orderEvents(Lab lab) {
        return lab.count(FetchTables.DATABASE, "select count(*) from outbox where event_type like '%OrderFetched%'");
    }

    private static Map<String, Object> configuration(Run run, ReadyPages ready) {
        Map<String, Object> configuration = Configuration.of(run, Lab.POSTGRES);
        configuration.put("orders", ready.orders());
        configuration.put("page", ReadyPages.ORDERS + " orders, 1.3 items each");
        configuration.put("tables", String.join(", ", WrittenRows.TABLES));
        configuration.put("pool", POOL);
        configuration.put(
                "path", "the service's own code in the process of the benchmark; COPY and batches on one session");
        return configuration;
    }

    private static Map<String, Object> costs(Run run, Arm... arms) {
        Map<String, Object> costs = new TreeMap<>();
        for (Arm arm : arms) {
            Map<String, Object> cost = new TreeMap<>(Configuration.rounded(run.perItem(arm.name())));
            cost.put("per_second", Configuration.rounded(run.rate(arm.name()).median()));
            costs.put(arm.name(), cost);
        }
        return costs;
    }
}
