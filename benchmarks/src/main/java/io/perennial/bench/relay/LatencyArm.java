package io.perennial.bench.relay;

import io.perennial.bench.load.Pacer;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Percentiles;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Score;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Events at a fixed rate, each with the time from the instant at which it should have been committed (or sent, where there is
 * no database) to the consumer's poll that returned it. An arm runs during its turn alone: a replication slot decodes whatever the
 * others write, even if nothing of it is asked for.
 */
final class LatencyArm implements Arm, AutoCloseable {
    /** In turn, so that none waits for the commit of the one before. */
    static final int WRITERS = 8;

    /** Events that each turn begins with and that do not count. */
    private static final int WARM = 400;

    private final String name;
    private final double rate;
    private final Arrivals arrivals;
    private final Supplier<Source> opens;
    private final List<long[]> cells = new ArrayList<>();
    private @Nullable Source source;
    private long next = 1;

    /** Where events come from. */
    interface Source extends AutoCloseable {
        default void prepare(int writer, long number) throws Exception {}

        void send(int writer, long number) throws Exception;

        @Override
        void close();
    }

    LatencyArm(String name, double rate, Arrivals arrivals, Supplier<Source> opens) {
        this.name = name;
        this.rate = rate;
        this.arrivals = arrivals;
        this.opens = opens;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Duration length) {
        source = opens.get();
        send(rate, WARM);
    }

    @Override
    public void conclude() {
        open().close();
        source = null;
    }

    private Source open() {
        Source now = source;
        if (now == null) {
            throw new IllegalStateException(name + " was not prepared");
        }
        return now;
    }

    @Override
    public Work work(Duration length) {
        long[] nanos = send(rate, Math.max(1, (int) (rate * length.toMillis() / 1000)));
        cells.add(nanos);
        return new Work(nanos.length, length.toMillis() / 1000.0);
    }

    /** Sends so many at that rate; returns how long each took. */
    long[] send(double perSecond, int count) {
        Source sends = open();
        long first = next;
        next += count;
        arrivals.expect(first, count);
        long[] intended = Pacer.run(perSecond, count, WRITERS, new Pacer.Step() {
            @Override
            public void prepare(int worker, int number) throws Exception {
                sends.prepare(worker, first + number);
            }

            @Override
            public void act(int worker, int number) throws Exception {
                sends.send(worker, first + number);
            }
        });
        long[] arrived = arrivals.await();
        for (int i = 0; i < count; i++) {
            arrived[i] -= intended[i];
        }
        return arrived;
    }

    /** The 99th percentile of each round, both of its cells together; of a run that keeps too few rounds all of them. */
    double[] p99(Run run) {
        return counted(run).stream()
                .mapToDouble(nanos -> Percentiles.of(nanos).p99())
                .toArray();
    }

    /** Over all rounds that count. */
    Percentiles all(Run run) {
        return Percentiles.of(
                counted(run).stream().flatMapToLong(Arrays::stream).toArray());
    }

    private List<long[]> counted(Run run) {
        int rounds = run.rounds().size();
        int warmUps = cells.size() - 2 * rounds;
        boolean all = !run.valid() || run.discarded() == rounds;
        List<long[]> counted = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            if (all || run.rounds().get(i).kept()) {
                counted.add(LongStream.concat(
                                Arrays.stream(cells.get(warmUps + 2 * i)),
                                Arrays.stream(cells.get(warmUps + 2 * i + 1)))
                        .toArray());
            }
        }
        return counted;
    }

    /** How many times as long as another's, round by round. */
    Score ratio(LatencyArm other, Run run) {
        double[] ours = p99(run);
        double[] theirs = other.p99(run);
        double[] ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ours[i] / theirs[i];
        }
        return Score.of(ratios);
    }

    @Override
    public void close() {
        if (source != null) {
            conclude(); // something failed during its turn
        }
        arrivals.close();
    }
}
