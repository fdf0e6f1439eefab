package io.perennial.bench.relay;

import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Percentiles;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import io.perennial.launcher.LauncherException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** How long an event takes from its commit to the consumer that reads it, and what the wait for one costs. */
public final class RelayLatencyBenchmark implements Benchmark {
    private static final double BUSY = 200;
    private static final int BYTES = 300;
    private static final int IDLE_SECONDS = 10;

    @Override
    public String name() {
        return "relay-latency";
    }

    @Override
    public String measures() {
        return "commit to consumer at 200 and at 1 event a second, beside the broker alone and Debezium; cost when idle";
    }

    @Override
    public Map<String, String> postgres() {
        return RelayBenchmark.LOGICAL;
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        BenchTopics topics = new BenchTopics(lab);
        OutboxRows own = OutboxRows.ours(lab, "relay", BYTES);
        OutboxRows tuned = OutboxRows.ofPeer(lab, "tuned", BYTES);
        OutboxRows usual = OutboxRows.ofPeer(lab, "usual", BYTES);
        Score idle = idle(lab, own, settings.quick() ? 2 : 7);
        rounds.progress().say("  idle: " + idle.median() + " statements a second");
        String plain = topics.create();
        try (LatencyArm broker = new LatencyArm(
                        "kafka",
                        BUSY,
                        Arrivals.of(topics, plain),
                        () -> new SentRecord(plain, BYTES, topics.bootstrapServers()));
                LatencyArm ours = arm("relay", topics, own, () -> OurRelay.start(lab, own));
                LatencyArm often = arm(
                        "debezium-10ms", topics, tuned, () -> DebeziumRelay.start(lab, tuned, DebeziumRelay.OFTEN));
                LatencyArm seldom =
                        arm("debezium", topics, usual, () -> DebeziumRelay.start(lab, usual, DebeziumRelay.DEFAULTS))) {
            List<LatencyArm> arms = List.of(broker, ours, often, seldom);
            Run run = rounds.run(List.copyOf(arms));
            Map<String, Object> latencies = new TreeMap<>();
            arms.forEach(arm -> latencies.put(arm.name() + " at 200/s", arm.all(run)));
            single(arms, settings.quick() ? 5 : 60, latencies, rounds);
            Map<String, Object> configuration = RelayBenchmark.configuration(this, run, 0, BYTES);
            configuration.remove("rows");
            configuration.put("transactions", "one for each event, by " + LatencyArm.WRITERS + " writers in turn");
            configuration.put(
                    "debezium", "3.6.1.Final, embedded, outbox event router; defaults, and " + DebeziumRelay.OFTEN);
            configuration.put(
                    "latency",
                    "from the instant at which the commit should have begun to the consumer's poll; p99 in each round");
            boolean conclusive = settings.conclusive() && run.valid();
            return List.of(
                    Result.of(
                            new Title("relay-latency", "ms, p99 at 200 events a second", "nothing"),
                            Goal.atMost(20),
                            Score.of(ours.p99(run)),
                            conclusive,
                            latencies,
                            configuration),
                    Result.of(
                            new Title("relay-latency-kafka", "of the p99 at 200 events a second", broker.name()),
                            Goal.atMost(2),
                            ours.ratio(broker, run),
                            conclusive,
                            Map.of(),
                            configuration),
                    Result.of(
                            new Title("relay-latency-debezium", "of our p99 at 200 events a second", seldom.name()),
                            Goal.atLeast(20),
                            seldom.ratio(ours, run),
                            conclusive,
                            Map.of(),
                            configuration),
                    Result.of(
                            new Title("relay-idle", "statements a second of an idle relay", "nothing"),
                            Goal.atMost(1),
                            idle,
                            settings.conclusive(), // a count, which a restless machine does not change
                            Map.of(),
                            configuration));
        }
    }

    private static LatencyArm arm(String name, BenchTopics topics, OutboxRows rows, Supplier<Relaying> relay) {
        String topic = topics.create();
        return new LatencyArm(name, BUSY, Arrivals.of(topics, topic), () -> new CommittedRow(rows, topic, relay.get()));
    }

    /** One event a second from each at the same time: so little load that the arms do not disturb one another. */
    private static void single(List<LatencyArm> arms, int count, Map<String, Object> latencies, Rounds rounds) {
        rounds.progress().say("  one event a second for " + count + " s");
        Map<LatencyArm, CompletableFuture<long[]>> running = new java.util.LinkedHashMap<>();
        arms.forEach(arm -> arm.prepare(Duration.ofSeconds(count)));
        for (LatencyArm arm : arms) {
            pause(1000L / arms.size());
            running.put(arm, CompletableFuture.supplyAsync(() -> arm.send(1, count), task -> new Thread(task).start()));
        }
        running.forEach((arm, result) -> {
            Percentiles found = Percentiles.of(result.join());
            latencies.put(arm.name() + " at 1/s", found);
            rounds.progress().say("  " + arm.name() + " at 1/s: " + found);
        });
        arms.forEach(LatencyArm::conclude);
    }

    /** Statements of a relay that has nothing to do. */
    private static Score idle(Lab lab, OutboxRows rows, int samples) {
        try (Relaying relay = OurRelay.start(lab, rows)) {
            relay.wake();
            pause(2_000);
            double[] found = new double[samples];
            for (int i = 0; i < samples; i++) {
                lab.forgetStatements();
                long began = System.nanoTime();
                pause(IDLE_SECONDS * 1_000L);
                double seconds = (System.nanoTime() - began) / 1e9;
                found[i] = lab.ask("select coalesce(sum(calls), 0) from pg_stat_statements s"
                                + " join pg_database d on d.oid = s.dbid where d.datname = '" + rows.database() + "'")
                        / seconds;
            }
            return Score.of(found);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }
}
