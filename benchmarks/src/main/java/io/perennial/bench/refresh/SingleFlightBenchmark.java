package io.perennial.bench.refresh;

import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.ControlService;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.load.ClosedLoop;
import io.perennial.bench.load.Http;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import io.perennial.launcher.LauncherException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/** Access tokens that are too old: how often Amazon is asked when many ask at a time, and how many are renewed in a second. */
public final class SingleFlightBenchmark implements Benchmark {
    private static final int REPLICAS = 3;
    private static final int AT_A_TIME = 64;

    /** Long enough that all who ask are there before the first answer. */
    private static final long AMAZON_MILLIS = 50;

    private static final Duration ALL_OF_THEM = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "single-flight";
    }

    @Override
    public String measures() {
        return "refreshes for " + AT_A_TIME + " callers at a time on " + REPLICAS + " replicas, and refreshes a second";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        int connections = settings.quick() ? 1_000 : 10_000;
        AuthService auth = AuthService.start(lab, REPLICAS);
        ControlService control = ControlService.start(lab, REPLICAS);
        auth.importConnections(connections);
        Http http = new Http(lab.vertx(), AT_A_TIME);
        Tokens raw = new ControlTokens(lab, control, http, "raw", connections);
        Tokens nango = new ControlTokens(lab, control, http, "nango-style", connections);
        Tokens ours = new OurTokens(lab, auth, http);

        int asked = settings.quick() ? 10 : 100;
        Map<String, Object> counters = new TreeMap<>();
        Score flights = refreshes(lab, ours, asked);
        counters.put("refreshes of " + nango.name(), refreshes(lab, nango, asked));
        counters.put("refreshes of " + raw.name(), refreshes(lab, raw, asked));
        rounds.progress().say("  refreshes for " + AT_A_TIME + " callers: " + flights + "; " + counters);

        List<Arm> arms = List.of(new Refreshing(lab, raw), new Refreshing(lab, nango), new Refreshing(lab, ours));
        Run run = rounds.run(arms);
        Map<String, Object> costs = new TreeMap<>();
        arms.forEach(arm -> {
            Map<String, Object> cost = new TreeMap<>(Configuration.rounded(run.perItem(arm.name())));
            cost.put("per_second", Configuration.rounded(run.rate(arm.name()).median()));
            costs.put(arm.name(), cost);
        });
        Map<String, Object> configuration = Configuration.of(run, Lab.POSTGRES);
        configuration.put("replicas", REPLICAS);
        configuration.put("connections", connections);
        configuration.put("pool", AuthService.POOL);
        configuration.put("services", "JDK 17, -Xmx96m, serial collector, first compiler only; rates on one replica");
        Map<String, Object> crowd = new TreeMap<>(configuration);
        crowd.put("callers", AT_A_TIME);
        crowd.put("tried_connections", asked);
        crowd.put("provider", AMAZON_MILLIS + " ms for each answer");
        configuration.put("clients", Refreshing.CLIENTS);
        configuration.put("provider", "token endpoint in the process of the benchmark, 0 ms");
        boolean conclusive = settings.conclusive() && run.valid();
        return List.of(
                Result.of(
                        new Title("single-flight", "refreshes for 64 callers of 3 replicas", nango.name()),
                        Goal.exactly(1),
                        flights,
                        !settings.quick(),
                        counters,
                        crowd),
                Result.of(
                        new Title("single-flight-rate", "of the rate", raw.name()),
                        Goal.atLeast(0.9),
                        run.ratio(ours.name(), raw.name()),
                        conclusive,
                        costs,
                        configuration));
    }

    /** How often the provider was asked for each connection: fewest and most in place of an interval. */
    private static Score refreshes(Lab lab, Tokens tokens, int connections) {
        tokens.age();
        lab.amazon().takes(AMAZON_MILLIS);
        lab.amazon().tellApart(true);
        Iterator<UUID> next = tokens.connections().subList(0, connections).iterator();
        new ClosedLoop(lab.vertx(), 1).run(ALL_OF_THEM, () -> next.hasNext() ? crowd(tokens, next.next()) : null);
        Collection<Long> uses = lab.amazon().usesByToken().values();
        lab.amazon().tellApart(false);
        lab.amazon().takes(0);
        if (uses.size() != connections) {
            throw new LauncherException(
                    connections + " connections were asked about, " + uses.size() + " were refreshed");
        }
        double[] counts = uses.stream().mapToDouble(Long::doubleValue).sorted().toArray();
        return new Score(Score.median(counts), counts[0], counts[counts.length - 1]);
    }

    private static Future<?> crowd(Tokens tokens, UUID connection) {
        return Future.all(IntStream.range(0, AT_A_TIME)
                .mapToObj(i -> tokens.token(i % tokens.replicas(), connection))
                .toList());
    }
}
