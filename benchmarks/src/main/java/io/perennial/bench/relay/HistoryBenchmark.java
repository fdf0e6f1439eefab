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
import io.perennial.bench.measure.Settings;
import java.time.Duration;
import java.util.List;

/** An outbox through which a million rows have gone, beside a new one. */
public final class HistoryBenchmark implements Benchmark {
    private static final int HISTORY = 1_000_000;
    private static final int ROWS = 30_000;
    private static final int BYTES = 300;

    @Override
    public String name() {
        return "relay-history";
    }

    @Override
    public String measures() {
        return "what an outbox row costs after a million others have gone";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        BenchTopics topics = new BenchTopics(lab);
        OutboxRows young = OutboxRows.ours(lab, "young", BYTES);
        OutboxRows old = OutboxRows.ours(lab, "old", BYTES);
        grow(lab, old, settings.quick() ? HISTORY / 10 : HISTORY);
        Arm fresh = new RelayArm("fresh", young, topics, ROWS, true, () -> OurRelay.start(lab, young));
        Arm aged = new Aged(new RelayArm("after-history", old, topics, ROWS, true, () -> OurRelay.start(lab, old)));
        Run run = rounds.run(List.of(fresh, aged));
        return List.of(Result.of(
                new Title("relay-history", "of the buffers per row", "an outbox without history"),
                Goal.atMost(1.05),
                run.savings(fresh.name(), aged.name(), List.of("buffers")),
                settings.conclusive(), // counts, which a restless machine does not change
                Configuration.costs(run, List.of(fresh, aged)),
                RelayBenchmark.configuration(this, run, ROWS, BYTES)));
    }

    /** So many rows have come and gone, and the server has cleaned up as it does by itself. */
    private static void grow(Lab lab, OutboxRows rows, int history) {
        int step = 100_000;
        for (int gone = 0; gone < history; gone += step) {
            rows.write("none", step).commit();
            lab.execute(rows.database(), "delete from outbox", "vacuum outbox");
        }
    }

    /** Keeps what the rows before have left in the table, where others begin with an empty one. */
    private record Aged(RelayArm arm) implements Arm {
        @Override
        public String name() {
            return arm.name();
        }

        @Override
        public String database() {
            return arm.database();
        }

        @Override
        public List<Long> processes() {
            return arm.processes();
        }

        @Override
        public void prepare(Duration length) {
            arm.prepareWithHistory();
        }

        @Override
        public Work work(Duration length) {
            return arm.work(length);
        }

        @Override
        public void conclude() {
            arm.conclude();
        }
    }
}
