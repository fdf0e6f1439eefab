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
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import java.util.List;
import java.util.Map;

/** What has piled up while the broker was away. */
public final class BacklogBenchmark implements Benchmark {
    private static final int BACKLOG = 180_000;
    private static final int QUICK = 40_000;
    private static final int BYTES = 300;

    @Override
    public String name() {
        return "relay-backlog";
    }

    @Override
    public String measures() {
        return "180,000 outbox rows relayed at once and in order, beside both limits";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        int count = settings.quick() ? QUICK : BACKLOG;
        BenchTopics topics = new BenchTopics(lab);
        OutboxRows full = OutboxRows.ofPeer(lab, "limit", BYTES);
        OutboxRows own = OutboxRows.ours(lab, "relay", BYTES);
        Arm read = new OrderedRead(full, count);
        Arm produce = new RawProduce(full, topics, count);
        Arm ours = new RelayArm("relay", own, topics, count, true, () -> OurRelay.start(lab, own));
        Run run = rounds.run(List.of(read, produce, ours));

        Score rate = run.rate(ours.name());
        return List.of(
                Result.of(
                        new Title(
                                "relay-backlog",
                                "of the smaller rate, " + count + " rows",
                                read.name() + ", " + produce.name()),
                        Goal.atLeast(0.7),
                        run.ratioToSlowest(ours.name(), List.of(read.name(), produce.name())),
                        settings.conclusive() && run.valid(),
                        Configuration.costs(run, List.of(read, produce, ours)),
                        RelayBenchmark.configuration(this, run, count, BYTES)),
                Result.of(
                        new Title("relay-backlog-seconds", "s for " + count + " rows", "nothing"),
                        Goal.atMost(5),
                        new Score(count / rate.median(), count / rate.high(), count / rate.low()),
                        settings.conclusive() && run.valid(),
                        Map.of(),
                        RelayBenchmark.configuration(this, run, count, BYTES)));
    }
}
