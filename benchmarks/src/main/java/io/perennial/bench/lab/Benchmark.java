package io.perennial.bench.lab;

import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Rounds;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that is measured: it starts its parts in the lab, runs its arms, and says what that came to. */
public interface Benchmark {
    /** The word after {@code ./perennial bench}; the names of its results begin with it. */
    String name();

    /** One line for the list of benchmarks. */
    String measures();

    /** Settings of the database server that this needs beside {@link Lab#POSTGRES}. */
    default Map<String, String> postgres() {
        return Map.of();
    }

    /** What has to be installed before this can run; empty if nothing is missing. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    List<Result> run(Lab lab, Rounds rounds);
}
