package io.perennial.bench.measure;

import io.perennial.bench.measure.Arm.Work;
import io.perennial.bench.measure.Probe.Speed;
import io.perennial.bench.measure.Run.Cell;
import io.perennial.bench.measure.Run.Round;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs arms in rounds: all of them in order, then all of them in the opposite order, so that a machine that becomes slower
 * or faster meanwhile treats all alike. A probe of the machine stands before the first cell and after each.
 */
public final class Rounds {
    /** Warmed up is what is as fast as the time before. */
    private static final double STEADY = 0.05;

    private static final int MOST_WARM_UPS = 4;

    private final Settings settings;
    private final Probe probe;
    private final Gauges gauges;
    private final Progress progress;

    public Rounds(Settings settings, Probe probe, Gauges gauges, Progress progress) {
        this.settings = settings;
        this.probe = probe;
        this.gauges = gauges;
        this.progress = progress;
    }

    public Settings settings() {
        return settings;
    }

    public Progress progress() {
        return progress;
    }

    /** Warms every arm up and measures them all. */
    public Run run(List<Arm> arms) {
        arms.forEach(this::warmUp);
        List<Round> rounds = new ArrayList<>();
        long began = System.nanoTime();
        for (int number = 1; number <= settings.rounds(); number++) {
            Round round = round(number, arms);
            rounds.add(round);
            double share = (double) number / settings.rounds();
            double left = seconds(began) * (1 - share) / share;
            progress.say(String.format(
                    Locale.ROOT,
                    "  round %d of %d %s; about %s left",
                    number,
                    settings.rounds(),
                    round.kept() ? "done" : "discarded: the machine changed",
                    left < 90 ? Math.round(left) + " s" : Math.round(left / 60) + " min"));
        }
        return new Run(settings, List.copyOf(rounds));
    }

    private void warmUp(Arm arm) {
        if (settings.warmUp().isZero()) {
            return;
        }
        double former = 0;
        for (int i = 0; i < MOST_WARM_UPS; i++) {
            double rate = worked(arm, settings.warmUp()).rate();
            progress.say(String.format(Locale.ROOT, "  warming up %s: %,.0f/s", arm.name(), rate));
            if (Math.abs(rate - former) < STEADY * rate) {
                return;
            }
            former = rate;
        }
    }

    private Round round(int number, List<Arm> arms) {
        List<Arm> order = new ArrayList<>(arms);
        List<Arm> back = new ArrayList<>(arms);
        Collections.reverse(back);
        order.addAll(back);
        Map<String, List<Cell>> cells = new HashMap<>();
        List<Speed> speeds = new ArrayList<>(List.of(probe.measure()));
        for (Arm arm : order) {
            Cell cell = cell(arm);
            Speed speed = probe.measure();
            speeds.add(speed);
            cells.computeIfAbsent(arm.name(), name -> new ArrayList<>()).add(cell);
            progress.say(String.format(
                    Locale.ROOT,
                    "  round %d of %d, cell %d of %d, %s: %,.0f/s, then probed: %s",
                    number,
                    settings.rounds(),
                    speeds.size() - 1,
                    order.size(),
                    arm.name(),
                    cell.work().rate(),
                    speed));
        }
        return new Round(cells, widest(speeds));
    }

    private Cell cell(Arm arm) {
        arm.prepare(settings.cell());
        Map<String, Double> before = gauges.totals(arm);
        Work work = arm.work(settings.cell());
        Map<String, Double> perItem = new HashMap<>();
        gauges.totals(arm)
                .forEach((name, total) ->
                        perItem.put(name, (total - before.getOrDefault(name, 0.0)) / Math.max(1, work.items())));
        arm.conclude();
        return new Cell(work, perItem);
    }

    private static Work worked(Arm arm, Duration length) {
        arm.prepare(length);
        Work work = arm.work(length);
        arm.conclude();
        return work;
    }

    /** The largest change of the machine over one cell. */
    static double widest(List<Speed> speeds) {
        double widest = 0;
        for (int i = 1; i < speeds.size(); i++) {
            widest = Math.max(widest, speeds.get(i).differsFrom(speeds.get(i - 1)));
        }
        return widest;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
