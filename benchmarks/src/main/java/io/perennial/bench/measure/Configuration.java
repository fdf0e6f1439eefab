package io.perennial.bench.measure;

import java.util.List;
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

    /** What an item of each arm costs, and how many there are in a second. */
    public static Map<String, Object> costs(Run run, List<? extends Arm> arms) {
        Map<String, Object> costs = new TreeMap<>();
        for (Arm arm : arms) {
            Map<String, Object> cost = new TreeMap<>(rounded(run.perItem(arm.name())));
            cost.put("per_second", rounded(run.rate(arm.name()).median()));
            costs.put(arm.name(), cost);
        }
        return costs;
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
