package io.perennial.bench.measure;

import java.time.Duration;
import java.util.List;

/** One way to do the work that a benchmark compares: the limit, a peer, or ours. */
public interface Arm {
    /** Short and unique within the benchmark. */
    String name();

    /** Puts into place what the timed part must not pay for. */
    default void prepare(Duration length) {}

    /** Works for about that long. What it returns was really done: an arm fails rather than count what it did not do. */
    Work work(Duration length);

    /** Checks and ends what {@link #work} left, when that has been measured. */
    default void conclude() {}

    /** The database whose statements, buffers and log are counted; empty for none. */
    default String database() {
        return "";
    }

    /** The processes whose CPU time is counted, without the database's. */
    default List<Long> processes() {
        return List.of();
    }

    /** What was done in a cell. */
    record Work(long items, double seconds) {
        public Work {
            if (items < 0 || seconds <= 0) {
                throw new IllegalArgumentException(items + " items in " + seconds + " s");
            }
        }

        public double rate() {
            return items / seconds;
        }
    }
}
