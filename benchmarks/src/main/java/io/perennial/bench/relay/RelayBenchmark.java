package io.perennial.bench.relay;

import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.outbox.MeasuredRelay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How fast waiting rows reach the broker in order: beside reading them, beside producing them, and beside other relays. */
public final class RelayBenchmark implements Benchmark {
    /** Every arm relays the same number, so a cell is as long as it needs: about so many are relayed in a second. */
    private static final int ROWS_A_SECOND = 10_000;

    private static final String POLLING = "polling-relay";
    private static final String DEBEZIUM = "debezium";
    private static final int SMALL = 300;
    private static final int LARGE = 1_024;

    /** What relaying takes besides the broker, whose work is the same for all: its own process and the database. */
    private static final List<String> OWN_CPU = List.of("service_cpu_ms", "database_cpu_ms");

    /** Debezium reads the log, and each row then costs the log more. Where it does not run, the server is as it comes. */
    static final Map<String, String> LOGICAL =
            Map.of("wal_level", "logical", "max_replication_slots", "10", "logical_decoding_work_mem", "256MB");

    private final boolean large;

    private RelayBenchmark(boolean large) {
        this.large = large;
    }

    /** Rows as most are, with all peers. */
    public static RelayBenchmark small() {
        return new RelayBenchmark(false);
    }

    /** Rows of a kilobyte, beside the limits. */
    public static RelayBenchmark large() {
        return new RelayBenchmark(true);
    }

    @Override
    public String name() {
        return large ? "relay-1k" : "relay";
    }

    @Override
    public String measures() {
        return large
                ? "outbox rows of 1 KB relayed in a second, beside reading and beside producing them"
                : "outbox rows of 300 bytes relayed in a second, beside reading, producing and other relays";
    }

    @Override
    public Map<String, String> postgres() {
        return large ? Map.of() : LOGICAL;
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        int count = Math.toIntExact(ROWS_A_SECOND * rounds.settings().cell().toSeconds());
        int bytes = large ? LARGE : SMALL;
        BenchTopics topics = new BenchTopics(lab);
        OutboxRows full = OutboxRows.ofPeer(lab, "limit", bytes);
        OutboxRows own = OutboxRows.ours(lab, "relay", bytes);
        Arm read = new OrderedRead(full, count);
        Arm produce = new RawProduce(full, topics, count);
        Arm ours = new RelayArm("relay", own, topics, count, true, () -> OurRelay.start(lab, own));
        List<Arm> arms = new ArrayList<>(List.of(read, produce, ours));
        if (!large) {
            arms.addAll(peers(lab, topics, count));
        }
        Run run = rounds.run(arms);
        boolean conclusive = rounds.settings().conclusive() && run.valid();
        Map<String, Object> configuration = configuration(this, run, count, bytes);
        List<Result> results = new ArrayList<>(List.of(Result.of(
                new Title(name(), "of the smaller rate, " + bytes + " bytes", read.name() + ", " + produce.name()),
                Goal.atLeast(0.7),
                run.ratioToSlowest(ours.name(), List.of(read.name(), produce.name())),
                conclusive,
                Configuration.costs(run, arms),
                configuration)));
        if (!large) {
            configuration.put(
                    "polling-relay", PollingRelay.BATCH + " rows, " + PollingRelay.PAUSE_MILLIS + " ms pause");
            configuration.put("debezium", "3.6.1.Final, embedded, outbox event router, " + DebeziumRelay.TUNED);
            results.add(Result.of(
                    new Title("relay-cpu", "times the rows per CPU second", DEBEZIUM),
                    Goal.atLeast(3),
                    run.savings(ours.name(), DEBEZIUM, OWN_CPU),
                    conclusive,
                    Map.of(),
                    configuration));
            results.add(Result.of(
                    new Title("relay-polling", "of the rate", POLLING),
                    Goal.atLeast(1),
                    run.ratio(ours.name(), POLLING),
                    conclusive,
                    Map.of(),
                    configuration));
        }
        return results;
    }

    private static List<Arm> peers(Lab lab, BenchTopics topics, int count) {
        OutboxRows polled = OutboxRows.ofPeer(lab, "polled", SMALL);
        OutboxRows streamed = OutboxRows.ofPeer(lab, "streamed", SMALL);
        return List.of(
                new RelayArm(
                        POLLING,
                        polled,
                        topics,
                        count,
                        true,
                        () -> PollingRelay.start(polled, topics.bootstrapServers())),
                new RelayArm(
                        DEBEZIUM,
                        streamed,
                        topics,
                        count,
                        false,
                        () -> DebeziumRelay.start(lab, streamed, DebeziumRelay.TUNED)));
    }

    static Map<String, Object> configuration(Benchmark benchmark, Run run, int count, int bytes) {
        Map<String, String> postgres = new TreeMap<>(Lab.POSTGRES);
        postgres.putAll(benchmark.postgres());
        Map<String, Object> configuration = Configuration.of(run, postgres);
        configuration.put("rows", count);
        configuration.put("bytes", bytes);
        configuration.put("keys", OutboxRows.KEYS);
        configuration.put("partitions", BenchTopics.PARTITIONS);
        configuration.put("transactions", OutboxRows.WRITERS + " that commit together when the clock starts");
        configuration.put("relay", "defaults: 4 groups, " + MeasuredRelay.BATCH + " rows in a Kafka transaction");
        configuration.put("producers", "idempotent, acks=all, lz4, 64 KB; read committed");
        configuration.put("processes", "all arms in the process of the benchmark: -Xmx512m, serial collector");
        configuration.put("cpu", "of that process and of the database; the broker's beside it");
        return configuration;
    }
}
