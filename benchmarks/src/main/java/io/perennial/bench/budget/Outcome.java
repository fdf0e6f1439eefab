package io.perennial.bench.budget;

import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Score;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/**
 * What a policy made of a scenario, once for each seed.
 *
 * @param efficiency ideal time by time taken; 0 where it gave up or waits for good
 * @param seconds until the last page, virtual
 * @param refused requests that were answered 429
 * @param theirsRefused calls of the integrator's own that found nothing left
 */
record Outcome(double[] efficiency, double[] seconds, double[] refused, double[] theirsRefused) {
    /** A client in the world of a seed; made anew where it is started again. */
    static Outcome of(Scenario scenario, LongFunction<Supplier<Policy>> clients, long seeds) {
        double[][] values = new double[4][(int) seeds];
        for (int seed = 0; seed < seeds; seed++) {
            World amazon = new World(scenario.plan(), scenario.weather(), seed);
            Supplier<Policy> client = clients.apply(seed);
            boolean done = true;
            if (scenario.restart()) {
                done = client.get().read(amazon, scenario.pages() / 2);
            }
            done = done && client.get().read(amazon, scenario.pages());
            done = done && !amazon.hung();
            Duration ideal = scenario.ideal(amazon.answering());
            values[0][seed] = done ? (double) ideal.toNanos() / amazon.passed().toNanos() : 0;
            values[1][seed] = amazon.passed().toMillis() / 1000.0;
            values[2][seed] = amazon.refused();
            values[3][seed] = amazon.theirsRefused();
        }
        return new Outcome(values[0], values[1], values[2], values[3]);
    }

    /** The worst of several, seed by seed: the smallest efficiency. */
    static Score leastEfficiency(List<Outcome> some) {
        return score(some.stream().map(Outcome::efficiency).reduce((one, other) -> merged(one, other, Math::min)));
    }

    /** The most refusals in any of several, seed by seed. */
    static Score mostRefused(List<Outcome> some) {
        return score(some.stream().map(Outcome::refused).reduce((one, other) -> merged(one, other, Math::max)));
    }

    /** How many times as long another one took, seed by seed. */
    Score fasterThan(Outcome other) {
        double[] times = new double[seconds.length];
        Arrays.setAll(times, seed -> other.seconds()[seed] / seconds[seed]);
        return score(Optional.of(times));
    }

    Map<String, Object> described() {
        Map<String, Object> all = new TreeMap<>();
        all.put("efficiency", Configuration.rounded(Score.median(efficiency)));
        all.put("refused_429", Score.median(refused));
        all.put("seconds", Configuration.rounded(Score.median(seconds)));
        double theirs = DoubleStream.of(theirsRefused).max().orElse(0);
        if (theirs > 0) {
            all.put("others_refused", Score.median(theirsRefused));
        }
        return all;
    }

    private static Score score(Optional<double[]> values) {
        double[] all = values.orElseThrow();
        // every seed counts: the worst one decides, not an interval around the middle
        return new Score(
                Score.median(all),
                DoubleStream.of(all).min().orElseThrow(),
                DoubleStream.of(all).max().orElseThrow());
    }

    private static double[] merged(double[] one, double[] other, DoubleBinaryOperator which) {
        double[] merged = new double[one.length];
        Arrays.setAll(merged, seed -> which.applyAsDouble(one[seed], other[seed]));
        return merged;
    }
}
