package io.perennial.bench.expiry;

import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.lab.TokenMonitor;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Arm.Work;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything due at once, by the packaged service: in rounds beside plain SQL, as many as fit the cells; then a million once,
 * looked at from all sides; then quiet operation in the table that it leaves.
 */
public final class CohortBenchmark implements Benchmark {
    private static final String HEAP = "64m";
    private static final double MEGABYTE = 1_024;

    /** About as many as are announced in a second, so that a round takes about a cell. */
    private static final int ANNOUNCED_A_SECOND = 20_000;

    private static final int MILLION = 1_000_000;
    private static final int MILLION_OF_QUICK = 50_000;

    /** Twice the mean of ten million connections with five reminders a year. */
    private static final double STEADY_A_SECOND = 2 * 10_000_000 * 5 / (365 * 86_400.0);

    private static final Duration STEADY = Duration.ofSeconds(40);
    private static final Duration STEADY_OF_QUICK = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "cohort";
    }

    @Override
    public String measures() {
        return "a million connections due at once, beside plain SQL; their order, the service's heap, and the lag in quiet times";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        TokenMonitor service = TokenMonitor.start(lab, HEAP);
        int count = Math.toIntExact(
                Math.min(MILLION, ANNOUNCED_A_SECOND * settings.cell().toSeconds()));
        Instant start = Instant.now();
        Arm raw = Batches.raw(
                Watched.create(lab, "cohort_raw")
                        .watch(count, start.minus(Cohort.WITHIN), start)
                        .keep(),
                start);
        Cohort ours = new Cohort(lab, service, start, count);
        Run run = rounds.run(List.of(raw, ours));

        Map<String, Object> configuration = Configuration.of(run, Lab.POSTGRES);
        configuration.put("due at once", count);
        configuration.put("service", "JDK 17, -Xmx" + HEAP + ", serial collector, first compiler only; relay off");
        boolean conclusive = settings.conclusive() && run.valid();
        List<Result> all = new java.util.ArrayList<>();
        all.add(Result.of(
                new Title("cohort", "of the time", raw.name()),
                Goal.atMost(1.5),
                run.ratio(raw.name(), ours.name()),
                conclusive,
                DueClaimBenchmark.costs(run, List.of(raw, ours)),
                configuration));
        all.addAll(million(
                lab,
                rounds,
                new Cohort(lab, service, ours.dueUntil(), settings.quick() ? MILLION_OF_QUICK : MILLION),
                service));
        return all;
    }

    private static List<Result> million(Lab lab, Rounds rounds, Cohort cohort, TokenMonitor service) {
        Settings settings = rounds.settings();
        rounds.progress().say("  watching as many as are due at once in the end");
        cohort.prepare(settings.cell());
        Live live = new Live(service);
        Work work = cohort.drain(live);
        live.look();
        long inversions = lab.count(
                TokenMonitor.DATABASE,
                """
                select count(*) from (
                    select c.ends_at, max(c.ends_at) over (order by o.id rows between unbounded preceding and 1 preceding)
                        as latest
                    from outbox o join watched_connection c on c.connection_id = o.message_key::uuid) as announced
                where ends_at < latest
                """);
        Lag lag = Lag.of(lab, cohort);
        rounds.progress()
                .say(String.format(java.util.Locale.ROOT, "  %,d announced in %.1f s", work.items(), work.seconds()));
        Map<String, Object> configuration = new TreeMap<>();
        configuration.put("due at once", work.items());
        configuration.put("within ms", Cohort.WITHIN.toMillis());
        configuration.put("postgres", new TreeMap<>(Lab.POSTGRES));
        configuration.put("service", "-Xmx" + HEAP + "; its heap is collected every five seconds meanwhile");
        Map<String, Object> counters = new TreeMap<>();
        counters.put("lag in seconds during the cohort", lag);
        counters.put("per_second", Configuration.rounded(work.rate()));
        // Counts of one drain: they have no rounds that a restless machine could spoil.
        boolean conclusive = settings.conclusive();
        Lag steady = steady(lab, settings, cohort);
        return List.of(
                Result.of(
                        new Title("cohort-million", "s from due to announced", "nothing"),
                        Goal.atMost(30),
                        Score.of(work.seconds()),
                        conclusive,
                        counters,
                        configuration),
                Result.of(
                        new Title("cohort-heap", "MB alive at most", "nothing"),
                        Goal.atMost(64),
                        Score.of(live.most / MEGABYTE),
                        conclusive,
                        Map.of("collections", live.looks),
                        configuration),
                Result.of(
                        new Title("cohort-order", "announced before an older one", "nothing"),
                        Goal.exactly(0),
                        Score.of(inversions),
                        conclusive,
                        counters,
                        configuration),
                Result.of(
                        new Title("lag", "s, p99 at twice the mean of ten million", "nothing"),
                        Goal.atMost(2),
                        Score.of(steady.p99),
                        conclusive,
                        Map.of("lag in seconds", steady, "a second", Configuration.rounded(STEADY_A_SECOND)),
                        configuration));
    }

    /** Looks at what is alive on the service's heap, every five seconds. */
    private static final class Live implements Runnable {
        private static final long EVERY_NANOS = 5_000_000_000L;

        private final TokenMonitor service;
        private long last = System.nanoTime();
        private long most;
        private int looks;

        Live(TokenMonitor service) {
            this.service = service;
        }

        @Override
        public void run() {
            if (System.nanoTime() - last > EVERY_NANOS) {
                look();
                last = System.nanoTime();
            }
        }

        void look() {
            most = Math.max(most, service.liveKilobytes());
            looks++;
        }
    }

    /** Connections that become due one after the other while everything else has been announced. */
    private static Lag steady(Lab lab, Settings settings, Cohort cohort) {
        Duration length = settings.quick() ? STEADY_OF_QUICK : STEADY;
        int count = (int) Math.round(STEADY_A_SECOND * length.toSeconds());
        Instant first = Instant.now().plus(cohort.offset()).plusSeconds(2);
        lab.execute(TokenMonitor.DATABASE, "truncate outbox", "vacuum analyze");
        Watched watched = Watched.of(lab, TokenMonitor.DATABASE).watch(count, first, first.plus(length));
        if (!Waiting.until(length.plusSeconds(30), () -> watched.announced() == count)) {
            throw new LauncherException("not all were announced in quiet times");
        }
        return Lag.of(lab, cohort);
    }

    /** From due, by the service's clock, to the row of the event, in seconds. */
    private record Lag(double p50, double p99, double max, long announced) {
        static Lag of(Lab lab, Cohort cohort) {
            return new Lag(
                    percentile(lab, cohort, 0.5),
                    percentile(lab, cohort, 0.99),
                    percentile(lab, cohort, 1),
                    lab.count(TokenMonitor.DATABASE, "select count(*) from outbox"));
        }

        private static double percentile(Lab lab, Cohort cohort, double share) {
            long micros = lab.count(
                    TokenMonitor.DATABASE,
                    """
                    select (1e6 * percentile_cont(%s) within group (order by extract(epoch from
                               o.created_at + interval '%s' - (c.ends_at - interval '720 hours'))))::bigint
                    from outbox o join watched_connection c on c.connection_id = o.message_key::uuid
                    """
                            .formatted(share, cohort.offset()));
            return Configuration.rounded(micros / 1e6);
        }
    }
}
