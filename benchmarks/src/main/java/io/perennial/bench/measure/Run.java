package io.perennial.bench.measure;

import io.perennial.bench.measure.Arm.Work;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the rounds of a benchmark came to. */
public record Run(Settings settings, List<Round> rounds) {
    /** More than this between two probes, and nobody knows what was measured. */
    static final double TOLERATED = 0.15;

    private static final double MOST_DISCARDED = 0.3;

    /** The timed work of one arm, and what grew per item. */
    public record Cell(Work work, Map<String, Double> perItem) {}

    /**
     * One pass over all arms and back.
     *
     * @param widest the largest change of the machine over one cell
     */
    public record Round(Map<String, List<Cell>> cells, double widest) {
        public boolean kept() {
            return widest <= TOLERATED;
        }

        double rate(String arm) {
            return cells.getOrDefault(arm, List.of()).stream()
                    .mapToDouble(cell -> cell.work().rate())
                    .average()
                    .orElseThrow(() -> new IllegalArgumentException("no arm " + arm));
        }

        /** What an item costs, all these counters together. */
        double cost(String arm, List<String> counters) {
            return cells.getOrDefault(arm, List.of()).stream()
                    .mapToDouble(cell -> counters.stream()
                            .mapToDouble(name -> cell.perItem().getOrDefault(name, 0.0))
                            .sum())
                    .average()
                    .orElseThrow(() -> new IllegalArgumentException("no arm " + arm));
        }
    }

    /** Rounds in which the machine stayed the same. */
    public List<Round> kept() {
        return rounds.stream().filter(Round::kept).toList();
    }

    public int discarded() {
        return rounds.size() - kept().size();
    }

    /** Whether few enough rounds were discarded to believe the others. */
    public boolean valid() {
        return discarded() <= MOST_DISCARDED * rounds.size();
    }

    /** How fast one arm is, measured by another, round by round. Of an invalid run all rounds count: it meets nothing. */
    public Score ratio(String ours, String other) {
        return Score.of(counted().stream()
                .mapToDouble(round -> round.rate(ours) / round.rate(other))
                .toArray());
    }

    /** How fast one arm is, measured by the slowest of others in the same round. */
    public Score ratioToSlowest(String ours, List<String> others) {
        return Score.of(counted().stream()
                .mapToDouble(round -> round.rate(ours)
                        / others.stream().mapToDouble(round::rate).min().orElseThrow())
                .toArray());
    }

    /** How many times as much of something another arm uses for an item, round by round. */
    public Score savings(String ours, String other, List<String> counters) {
        return Score.of(counted().stream()
                .mapToDouble(round -> round.cost(other, counters) / round.cost(ours, counters))
                .toArray());
    }

    /** Items a second of an arm. */
    public Score rate(String arm) {
        return Score.of(counted().stream().mapToDouble(round -> round.rate(arm)).toArray());
    }

    /** What one item of an arm costs: the median over its cells. */
    public Map<String, Double> perItem(String arm) {
        List<Cell> cells = counted().stream()
                .flatMap(round -> round.cells().getOrDefault(arm, List.of()).stream())
                .toList();
        Map<String, Double> costs = new TreeMap<>();
        cells.stream()
                .flatMap(cell -> cell.perItem().keySet().stream())
                .distinct()
                .forEach(name -> costs.put(
                        name,
                        Score.median(cells.stream()
                                .mapToDouble(cell -> cell.perItem().getOrDefault(name, 0.0))
                                .toArray())));
        return costs;
    }

    private List<Round> counted() {
        return valid() && !kept().isEmpty() ? kept() : rounds;
    }
}
