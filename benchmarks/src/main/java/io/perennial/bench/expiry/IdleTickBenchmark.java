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
                    new Ticks("token-monitor, " + watched.database(), watched, NOW, Place::look));
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
        List<Arm> arms = new ArrayList<>();
        sizes.forEach(size -> arms.addAll(List.of(size.raw, size.ours)));
        arms.addAll(List.of(drained.raw, drained.ours));
        lab.settle(drained.watched.database());
        Run run = rounds.run(arms);

        Place smallest = sizes.get(0);
        Place largest = sizes.get(sizes.size() - 1);
        Map<String, Object> configuration = Configuration.of(run, Lab.POSTGRES);
        configuration.put("sessions", "one, in the process of the benchmark; statements are planned each time");
        boolean conclusive = settings.conclusive() && run.valid();
        Map<String, Object> costs = DueClaimBenchmark.costs(run, arms);
        costs.put("after the cohort, before vacuum", undrained);
        return List.of(
                Result.of(
                        new Title("idle-tick", "of the time", largest.raw.name()),
                        Goal.atMost(1.2),
                        run.ratio(largest.raw.name(), largest.ours.name()),
                        conclusive,
                        costs,
                        configuration),
                Result.of(
                        new Title("idle-tick-after-cohort", "of the time", drained.raw.name()),
                        Goal.atMost(1.2),
                        run.ratio(drained.raw.name(), drained.ours.name()),
                        conclusive,
                        costs,
                        configuration),
                Result.of(
                        new Title("idle-tick-growth", "of the time", smallest.ours.name()),
                        Goal.atMost(1.3),
                        run.ratio(smallest.ours.name(), largest.ours.name()),
                        conclusive,
                        costs,
                        configuration),
                Result.of(
                        new Title("idle-tick-buffers", "buffers, at every size and after the cohort", "nothing"),
                        Goal.atMost(5),
                        perTick(run, "buffers", sizes, drained),
                        settings.conclusive(),
                        costs,
                        configuration),
                Result.of(
                        new Title("idle-tick-statements", "statements", "nothing"),
                        Goal.exactly(1),
                        perTick(run, "statements", sizes, drained),
                        settings.conclusive(),
                        costs,
                        configuration));
    }

    /** The worst place's figure, with all of them as interval. */
    private static Score perTick(Run run, String counter, List<Place> sizes, Place drained) {
        List<Place> all = new ArrayList<>(sizes);
        all.add(drained);
        double[] values = all.stream()
                .mapToDouble(
                        place -> Math.round(run.perItem(place.ours.name()).getOrDefault(counter, 0.0) * 100) / 100.0)
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
