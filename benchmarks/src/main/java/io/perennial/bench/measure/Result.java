package io.perennial.bench.measure;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Map;

/**
 * One goal and what was measured for it: a file of {@code results/}.
 *
 * @param met only if the run is long enough, valid, and the worse end of the interval reaches the goal
 * @param against whom or what it is measured by
 * @param counters what one item costs, by arm
 */
@JsonPropertyOrder({
    "name",
    "met",
    "goal",
    "median",
    "low",
    "high",
    "unit",
    "against",
    "counters",
    "configuration",
    "commit",
    "when"
})
public record Result(
        String name,
        boolean met,
        String goal,
        double median,
        double low,
        double high,
        String unit,
        String against,
        Map<String, ?> counters,
        Map<String, ?> configuration,
        String commit,
        Instant when) {

    /** The name under which it is kept. */
    public record Title(String name, String unit, String against) {}

    /**
     * @param conclusive whether a goal can be met by this run at all
     * @param configuration of the parts and of the run
     */
    public static Result of(
            Title title,
            Goal goal,
            Score score,
            boolean conclusive,
            Map<String, ?> counters,
            Map<String, ?> configuration) {
        return new Result(
                title.name(),
                conclusive && goal.reachedBy(score),
                goal.toString(),
                rounded(score.median()),
                rounded(score.low()),
                rounded(score.high()),
                title.unit(),
                title.against(),
                counters,
                configuration,
                Commit.current(),
                Instant.now());
    }

    static double rounded(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return 0;
        }
        double scale = Math.pow(10, 3 - Math.ceil(Math.log10(Math.abs(value))));
        return Math.round(value * scale) / scale;
    }
}
