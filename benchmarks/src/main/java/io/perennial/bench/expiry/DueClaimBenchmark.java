package io.perennial.bench.expiry;

import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * From due to claimed with its row in the outbox, committed. Ours moves the row to its next stage and writes the values that
 * the relay makes an event of; peers forget the job and write a ready-made row of the same size, each in a commit of its own,
 * since they run jobs one by one.
 */
public final class DueClaimBenchmark implements Benchmark {
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(30);

    /** About as many as are claimed in a second. */
    private static final int CLAIMS_A_SECOND = 20_000;

    /** More than any peer does. */
    private static final int JOBS_A_SECOND = 10_000;

    /** Watched, and jobs of each peer, that are not due. */
    private static final int LATER = 100_000;

    private static final int LATER_OF_QUICK = 20_000;

    @Override
    public String name() {
        return "due-claim";
    }

    @Override
    public String measures() {
        return "due connections claimed a second with their events, beside plain SQL, db-scheduler, Quartz and JobRunr";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        int due = Math.toIntExact(CLAIMS_A_SECOND * settings.cell().toSeconds());
        int jobs = Math.toIntExact(JOBS_A_SECOND * settings.cell().toSeconds());
        int later = settings.quick() ? LATER_OF_QUICK : LATER;
        Watched watched = Watched.create(lab, "claims")
                .watch(due, NOW.minus(SPAN), NOW)
                .watch(later, NOW.plusSeconds(1), NOW.plus(SPAN))
                .keep();
        Arm raw = Batches.raw(watched, NOW);
        Arm ours = Batches.ours(watched, NOW);
        Map<Peer, Double> goals = new LinkedHashMap<>();
        goals.put(new DbScheduler(), 10.0);
        goals.put(new Quartz(), 50.0);
        goals.put(new JobRunner(), 20.0);
        List<Arm> arms = new ArrayList<>(List.of(raw, ours));
        goals.keySet().forEach(peer -> arms.add(new PeerArm(lab, peer, jobs, later)));
        Run run = rounds.run(arms);

        Map<String, Object> configuration = Configuration.of(run, Lab.POSTGRES);
        configuration.put("due", due);
        configuration.put("not due", later);
        configuration.put("jobs due of a peer", jobs);
        configuration.put("batch", Batches.LARGEST);
        configuration.put("claims", "one session, in the process of the benchmark");
        goals.keySet().forEach(peer -> configuration.put(peer.name(), peer.settings()));
        boolean conclusive = settings.conclusive() && run.valid();
        Map<String, Object> costs = costs(run, arms);
        List<Result> results = new ArrayList<>();
        results.add(Result.of(
                new Title("due-claim", "of the rate", raw.name()),
                Goal.atLeast(0.8),
                run.ratio(ours.name(), raw.name()),
                conclusive,
                costs,
                configuration));
        goals.forEach((peer, goal) -> results.add(Result.of(
                new Title("due-claim-" + peer.name().toLowerCase(java.util.Locale.ROOT), "times the rate", peer.name()),
                Goal.atLeast(goal),
                run.ratio(ours.name(), peer.name()),
                conclusive,
                costs,
                configuration)));
        results.addAll(counted(lab, watched, settings, configuration));
        return results;
    }

    /** What one claim costs in a table of that size, whatever else the machine does. */
    private static List<Result> counted(
            Lab lab, Watched watched, Settings settings, Map<String, Object> configuration) {
        watched.restore();
        List<ClaimCost> claims = IntStream.range(0, settings.quick() ? 1 : 5)
                .mapToObj(i -> ClaimCost.of(lab, watched, NOW, Batches.LARGEST))
                .toList();
        Map<String, Object> counters = Map.of(
                "ms",
                Configuration.rounded(Score.median(
                        claims.stream().mapToDouble(ClaimCost::millis).toArray())));
        return List.of(
                Result.of(
                        new Title("due-claim-buffers", "buffers a connection", "nothing"),
                        Goal.atMost(20),
                        perItem(claims.stream().mapToDouble(ClaimCost::buffers)),
                        settings.conclusive(),
                        counters,
                        configuration),
                Result.of(
                        new Title("due-claim-log", "bytes of the log a connection, without page images", "nothing"),
                        Goal.atMost(700),
                        perItem(claims.stream().mapToDouble(ClaimCost::walBytes)),
                        settings.conclusive(),
                        counters,
                        configuration));
    }

    private static Score perItem(DoubleStream totals) {
        return Score.of(totals.map(total -> total / Batches.LARGEST).toArray());
    }

    static Map<String, Object> costs(Run run, List<Arm> arms) {
        Map<String, Object> costs = new TreeMap<>();
        for (Arm arm : arms) {
            Map<String, Object> cost = new TreeMap<>(Configuration.rounded(run.perItem(arm.name())));
            cost.put("per_second", Configuration.rounded(run.rate(arm.name()).median()));
            costs.put(arm.name(), cost);
        }
        return costs;
    }
}
