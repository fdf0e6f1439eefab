package io.perennial.bench.measure;

import java.util.Map;

/** Totals that only grow: what grew during a cell is divided by its items. */
public interface Gauges {
    Gauges NONE = arm -> Map.of();

    /** By name, with the unit of one item, such as {@code statements}. */
    Map<String, Double> totals(Arm arm);
}
