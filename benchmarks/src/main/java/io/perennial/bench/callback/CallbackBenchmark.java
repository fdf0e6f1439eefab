package io.perennial.bench.callback;

import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.ControlService;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Percentiles;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Consents that come back from Amazon, from the redirect to the decision: state and browser checked, code exchanged, tokens
 * sealed and stored, new grant tried out, guard, promotion, events. Ours does all of it for every item that it counts; what it
 * is compared with does less.
 */
public final class CallbackBenchmark implements Benchmark {
    static final int CLIENTS = 32;

    private static final int SLOW_CLIENTS = 24;
    private static final long SLOW_MILLIS = 200;
    private static final int CONNECTIONS = 10_000;
    private static final int CONNECTIONS_OF_QUICK = 1_000;

    @Override
    public String name() {
        return "callback";
    }

    @Override
    public String measures() {
        return "accepted and decided callbacks a second, their latency, and what they do while Amazon is slow";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        AuthService auth = AuthService.start(lab, 1);
        ControlService control = ControlService.start(lab, 1);
        int connections = settings.quick() ? CONNECTIONS_OF_QUICK : CONNECTIONS;
        auth.importConnections(connections);
        RawInserts raw = new RawInserts(lab);
        ControlCallbacks bare = new ControlCallbacks(lab, control, CLIENTS);
        Callbacks ours = new Callbacks(lab, auth, CLIENTS);
        Run run = rounds.run(List.of(raw, bare, ours));

        Map<String, Object> counters = new TreeMap<>();
        List.of(raw, bare, ours).forEach(arm -> {
            Map<String, Object> costs = new TreeMap<>(Configuration.rounded(run.perItem(arm.name())));
            costs.put("per_second", Configuration.rounded(run.rate(arm.name()).median()));
            counters.put(arm.name(), costs);
        });
        Map<String, Object> configuration = Configuration.of(run, Lab.POSTGRES);
        configuration.put("clients", CLIENTS);
        configuration.put("pool", AuthService.POOL);
        configuration.put("connections", connections);
        configuration.put("services", "JDK 17, -Xmx96m, serial collector, first compiler only, one replica each");
        configuration.put("provider", "token endpoint and Sellers API in the process of the benchmark, 0 ms");
        boolean conclusive = settings.conclusive() && run.valid();

        ours.prepare(settings.cell());
        lab.forgetStatements();
        lab.listStatements(AuthService.DATABASE, ours.work(settings.cell()).items());
        Percentiles[] half = halfLoad(lab, ours, run, settings, rounds);
        Map<String, Object> latencies = new TreeMap<>();
        for (int i = 0; i < half.length; i++) {
            latencies.put("run " + (i + 1), half[i]);
        }
        Score p99 = Score.of(
                java.util.Arrays.stream(half).mapToDouble(Percentiles::p99).toArray());
        return List.of(
                Result.of(
                        new Title("callback", "of the rate", bare.name()),
                        Goal.atLeast(0.85),
                        run.ratio(ours.name(), bare.name()),
                        conclusive,
                        counters,
                        configuration),
                Result.of(
                        new Title("callback-raw", "of the rate", raw.name()),
                        Goal.atLeast(0.5),
                        run.ratio(ours.name(), raw.name()),
                        conclusive,
                        counters,
                        configuration),
                Result.of(
                        new Title("callback-p99", "ms, p99 at half of the highest rate", "nothing"),
                        Goal.atMost(10),
                        p99,
                        conclusive,
                        latencies,
                        configuration),
                slow(lab, auth, control, settings, configuration, rounds));
    }

    private static Percentiles[] halfLoad(Lab lab, Callbacks ours, Run run, Settings settings, Rounds rounds) {
        double rate = run.rate(ours.name()).median() / 2;
        return IntStream.range(0, settings.quick() ? 1 : 5)
                .mapToObj(i -> {
                    Percentiles found = ours.atRate(lab, rate, settings.cell());
                    rounds.progress().say("  at half of the rate: p99 " + Math.round(found.p99() * 10) / 10.0 + " ms");
                    return found;
                })
                .toArray(Percentiles[]::new);
    }

    private static Result slow(
            Lab lab,
            AuthService auth,
            ControlService control,
            Settings settings,
            Map<String, Object> common,
            Rounds rounds) {
        lab.amazon().takes(SLOW_MILLIS);
        Callbacks ours = new Callbacks(lab, auth, SLOW_CLIENTS);
        ControlCallbacks bare = new ControlCallbacks(lab, control, SLOW_CLIENTS);
        Duration length = settings.cell();
        bare.prepare(length);
        double bareRate = bare.work(length).rate();
        ours.prepare(length);
        HeldSessions held = new HeldSessions(lab, AuthService.DATABASE, SLOW_MILLIS / 2);
        double rate = held.during(() -> ours.work(length).rate());
        lab.amazon().takes(0);
        rounds.progress()
                .say("  Amazon takes " + SLOW_MILLIS + " ms: " + Math.round(rate) + "/s, " + bare.name() + " "
                        + Math.round(bareRate) + "/s, at most " + held.most() + " sessions held");
        Map<String, Object> configuration = new TreeMap<>(common);
        configuration.put("provider", SLOW_MILLIS + " ms for each answer");
        configuration.put("clients", SLOW_CLIENTS);
        return Result.of(
                new Title(
                        "callback-slow-provider",
                        "sessions in a transaction while Amazon is waited for",
                        "a pool of " + AuthService.POOL),
                Goal.exactly(0),
                Score.of(held.most()),
                settings.conclusive(), // a count: it has no rounds that a restless machine could spoil
                Map.of(
                        ours.name() + " per_second",
                        Configuration.rounded(rate),
                        bare.name() + " per_second",
                        Configuration.rounded(bareRate),
                        "samples",
                        held.samples()),
                configuration);
    }
}
