package io.perennial.bench.measure;

import java.util.Map;
import java.util.TreeMap;

/** What belongs into the configuration of a result. */
public final class Configuration {
    private Configuration() {}

    /** Of a run and of the database server. */
    public static Map<String, Object> of(Run run, Map<String, String> postgres) {
        Map<String, Object> all = new TreeMap<>();
        all.put("cell_seconds", run.settings().cell().toSeconds());
        all.put("rounds", run.rounds().size());
        all.put("rounds_discarded", run.discarded());
        all.put("valid", run.valid());
        all.put("quick", run.settings().quick());
        all.put("processors", Runtime.getRuntime().availableProcessors());
        all.put("postgres", new TreeMap<>(postgres));
        return all;
    }

    public static Map<String, Double> rounded(Map<String, Double> values) {
        Map<String, Double> all = new TreeMap<>();
        values.forEach((name, value) -> all.put(name, rounded(value)));
        return all;
    }

    public static double rounded(double value) {
        return Result.rounded(value);
    }
}
