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
import io.perennial.monitor.expiry.Claims;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A tick of token-monitor's loop that finds nothing due, in tables of growing size, and after a cohort was drained. */
public final class IdleTickBenchmark implements Benchmark {
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final int SMALLEST_BATCH = 1_000;
    private static final int COHORT = 100_000;
    private static final int COHORT_OF_QUICK = 10_000;
    private static final String OURS = "token-monitor, ";

    @Override
    public String name() {
        return "idle-tick";
    }

    @Override
    public String measures() {
        return "a tick with nothing due, from 10,000 connections to a million (PERENNIAL_BENCH_ROWS=10000000: ten), beside a"
                + " look into the index";
    }

    /** A size, or a state, with its two arms. */
    private record Place(Watched watched, Arm raw, Arm ours) {
        static Place at(Watched watched) {
            return new Place(
                    watched,
                    new Ticks(
                            "raw index probe, " + watched.database(),
                            watched,
                            NOW,
                            session -> new RawClaim(session)::probe),
                    new Ticks(OURS + watched.database(), watched, NOW, Place::look));
        }

        private static Ticks.Look look(Pool session) {
            Claims claims = new Claims(session);
            return now -> claims.look(now, SMALLEST_BATCH);
        }
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        List<Place> sizes = new ArrayList<>();
        for (int size : Sizes.of(settings)) {
            rounds.progress().say("  watching " + size);
            sizes.add(
                    Place.at(Watched.create(lab, "watched_" + size).watch(size, NOW.plusSeconds(60), NOW.plus(YEAR))));
        }
        Map<String, Object> undrained = new TreeMap<>();
        Place drained = Place.at(drained(lab, settings, undrained));
        lab.settle(drained.watched.database());
        Place smallest = sizes.get(0);
        Place largest = sizes.get(sizes.size() - 1);
        // What is compared stands side by side in a short round: in one of all arms the machine has time to change.
        Measured ends = Measured.of(rounds, largest.raw, largest.ours, smallest.ours);
        Measured after = Measured.of(rounds, drained.raw, drained.ours);
        List<Measured> all = new ArrayList<>(List.of(ends, after));
        for (Place between : sizes.subList(1, sizes.size() - 1)) {
            all.add(Measured.of(rounds, between.ours));
        }
        after.costs.put("after the cohort, before vacuum", undrained);
        Map<String, Object> costs = new TreeMap<>();
        all.forEach(measured -> costs.putAll(measured.costs));
        return List.of(
                ends.result(
                        new Title("idle-tick", "of the time", largest.raw.name()),
                        Goal.atMost(1.2),
                        largest.raw,
                        largest.ours),
                after.result(
                        new Title("idle-tick-after-cohort", "of the time", drained.raw.name()),
                        Goal.atMost(1.2),
                        drained.raw,
                        drained.ours),
                ends.result(
                        new Title("idle-tick-growth", "of the time", smallest.ours.name()),
                        Goal.atMost(1.3),
                        smallest.ours,
                        largest.ours),
                Result.of(
                        new Title("idle-tick-buffers", "buffers, at every size and after the cohort", "nothing"),
                        Goal.atMost(5),
                        perTick("buffers", all),
                        settings.conclusive(),
                        costs,
                        ends.configuration()),
                Result.of(
                        new Title("idle-tick-statements", "statements", "nothing"),
                        Goal.exactly(1),
                        perTick("statements", all),
                        settings.conclusive(),
                        costs,
                        ends.configuration()));
    }

    /** Arms that were measured together. */
    private record Measured(Run run, List<Arm> arms, Map<String, Object> costs, Settings settings) {
        static Measured of(Rounds rounds, Arm... arms) {
            List<Arm> together = List.of(arms);
            Run run = rounds.run(together);
            return new Measured(run, together, DueClaimBenchmark.costs(run, together), rounds.settings());
        }

        Map<String, Object> configuration() {
            Map<String, Object> configuration = Configuration.of(run, Lab.POSTGRES);
            configuration.put("sessions", "one, in the process of the benchmark; statements are planned each time");
            return configuration;
        }

        Result result(Title title, Goal goal, Arm base, Arm ours) {
            return Result.of(
                    title,
                    goal,
                    run.ratio(base.name(), ours.name()),
                    settings.conclusive() && run.valid(),
                    costs,
                    configuration());
        }
    }

    /** The median of our arms, with the least and the most of them as interval. */
    private static Score perTick(String counter, List<Measured> all) {
        double[] values = all.stream()
                .flatMap(measured -> measured.arms.stream()
                        .filter(arm -> arm.name().startsWith(OURS))
                        .map(arm -> measured.run.perItem(arm.name()).getOrDefault(counter, 0.0)))
                .mapToDouble(value -> Math.round(value * 100) / 100.0)
                .sorted()
                .toArray();
        return new Score(Score.median(values), values[0], values[values.length - 1]);
    }

    /** One that announced a cohort just now; notes what ticks cost until the dead entries of its index are gone. */
    private static Watched drained(Lab lab, Settings settings, Map<String, Object> noted) {
        int cohort = settings.quick() ? COHORT_OF_QUICK : COHORT;
        Watched watched = Watched.create(lab, "after_cohort")
                .watch(cohort, NOW.minusSeconds(60), NOW)
                .watch(cohort, NOW.plusSeconds(60), NOW.plus(YEAR));
        Pool session = watched.session();
        Claims claims = new Claims(session);
        while (claims.claim(NOW, Batches.LARGEST) == Batches.LARGEST) {
            // the next batch
        }
        lab.forgetStatements();
        claims.look(NOW, SMALLEST_BATCH);
        noted.put("buffers of the first tick", buffers(lab, watched));
        lab.forgetStatements();
        claims.look(NOW, SMALLEST_BATCH);
        noted.put("buffers of the second tick", buffers(lab, watched));
        noted.put("drained", cohort);
        session.closeAndAwait();
        return watched;
    }

    private static double buffers(Lab lab, Watched watched) {
        return lab.ask("select sum(shared_blks_hit + shared_blks_read) from pg_stat_statements s"
                + " join pg_database d on d.oid = s.dbid where d.datname = '" + watched.database() + "'");
    }
}
