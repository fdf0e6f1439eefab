package io.perennial.bench.relay;

import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A relay that runs and has nothing to do, until several transactions commit all rows of the cell. Done when the broker has
 * them; afterwards a consumer checks that all are there and in order.
 */
final class RelayArm implements Arm {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int WARM = 256;

    private final String name;
    private final OutboxRows rows;
    private final BenchTopics topics;
    private final int count;
    private final boolean deletes;
    private final Supplier<Relaying> start;
    private @Nullable Running running;

    private record Running(Relaying relay, long before, OutboxRows.Written written, String topic) {}

    /**
     * @param deletes whether what is relayed is gone from the outbox, and has to be
     */
    RelayArm(String name, OutboxRows rows, BenchTopics topics, int count, boolean deletes, Supplier<Relaying> start) {
        this.name = name;
        this.rows = rows;
        this.topics = topics;
        this.count = count;
        this.deletes = deletes;
        this.start = start;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String database() {
        return rows.database();
    }

    @Override
    public List<Long> processes() {
        return List.of(ProcessHandle.current().pid());
    }

    @Override
    public void prepare(Duration length) {
        rows.clear();
        prepareWithHistory();
    }

    /** As {@link #prepare}, in the table as it is. */
    void prepareWithHistory() {
        rows.settle();
        Relaying relay = start.get();
        String warm = topics.create();
        rows.write(warm, WARM).commit();
        await(relay, WARM);
        topics.delete(warm);
        String topic = topics.create();
        running = new Running(relay, relay.relayed(), rows.write(topic, count), topic);
    }

    @Override
    public Work work(Duration length) {
        Running now = running();
        long began = System.nanoTime();
        now.written().commit();
        await(now.relay(), now.before() + count);
        return new Work(count, (System.nanoTime() - began) / 1e9);
    }

    @Override
    public void conclude() {
        Running now = running();
        now.relay().close();
        topics.check(now.topic(), count, name);
        topics.delete(now.topic());
        running = null;
    }

    private void await(Relaying relay, long relayed) {
        relay.wake();
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (relay.relayed() < relayed || (deletes && !rows.empty())) {
            if (System.nanoTime() > deadline) {
                throw new LauncherException(name + " relayed " + relay.relayed() + " of " + relayed + " rows");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException(name + " was not prepared");
        }
        return now;
    }
}
