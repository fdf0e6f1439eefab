package io.perennial.bench.lab;

import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Rounds;
import java.util.List;

/** Something that is measured: it starts its parts in the lab, runs its arms, and says what that came to. */
public interface Benchmark {
    /** The word after {@code ./perennial bench}; the names of its results begin with it. */
    String name();

    /** One line for the list of benchmarks. */
    String measures();

    List<Result> run(Lab lab, Rounds rounds);
}
