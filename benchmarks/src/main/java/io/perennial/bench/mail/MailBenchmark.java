package io.perennial.bench.mail;

import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.lab.NotifierService;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Score;
import io.perennial.bench.measure.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Mails a second over ten connections to a server that answers at once, or as late as those of providers do. */
public final class MailBenchmark implements Benchmark {
    private static final int CONNECTIONS = 10;

    /** Every arm sends as many, so a cell is as long as it needs: about so many leave in a second. */
    private static final int MAILS_A_SECOND = 300;

    /** What was measured of Let's Encrypt's expiry mailer: 1.5 mails a second (boulder issue 5682). */
    private static final double EXPIRY_MAILER = 1.5;

    private static final String LIMIT = "smtp-source and the same commits";
    private static final int NEAR_MILLIS = 5;
    private static final int FAR_MILLIS = 135;

    private static final Map<String, String> UNPACED = Map.of(
            "PERENNIAL_REMINDERS_PARALLEL_MAILS", Integer.toString(CONNECTIONS),
            "PERENNIAL_REMINDERS_BATCH_SIZE", "100",
            "PERENNIAL_REMINDERS_PER_SECOND", "100000",
            "PERENNIAL_REMINDERS_BURST", "100000",
            "PERENNIAL_REMINDERS_POLL_INTERVAL", NotifierService.poll().toString());

    private final boolean far;

    private MailBenchmark(boolean far) {
        this.far = far;
    }

    /** A server that answers at once, with the peers. */
    public static MailBenchmark near() {
        return new MailBenchmark(false);
    }

    /** Servers that take 5 and 135 ms for a mail. */
    public static MailBenchmark far() {
        return new MailBenchmark(true);
    }

    @Override
    public String name() {
        return far ? "mail-far" : "mail";
    }

    @Override
    public String measures() {
        return far
                ? "mails a second over " + CONNECTIONS + " connections when the mail server takes 5 or 135 ms for each"
                : "mails a second to smtp-sink, from the due row to the recorded result, beside tools that only send";
    }

    @Override
    public Optional<String> missing() {
        return SmtpSink.missing();
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        try (SmtpSink sink = SmtpSink.start();
                SlowWire wire = SlowWire.to(lab, sink.port());
                Links links = Links.start(lab)) {
            NotifierService notifier =
                    NotifierService.start(lab, links.url(), far ? wire.port() : sink.port(), UNPACED);
            return far ? far(lab, rounds, wire, notifier) : near(lab, rounds, sink, notifier);
        }
    }

    private List<Result> near(Lab lab, Rounds rounds, SmtpSink sink, NotifierService notifier) {
        Settings settings = rounds.settings();
        int mails = Math.toIntExact(MAILS_A_SECOND * settings.cell().toSeconds());
        Reminders ours = new Reminders(lab, notifier, mails);
        try (SourceAndCommits limit = new SourceAndCommits(lab, sink.port(), CONNECTIONS, mails);
                VertxMails vertx = new VertxMails(lab, sink.port(), CONNECTIONS, mails);
                SimpleMails simple = new SimpleMails(sink.port(), CONNECTIONS, mails)) {
            List<Arm> arms = List.of(limit, vertx, simple, ours);
            Run run = rounds.run(arms);
            ours.prepare(settings.cell());
            lab.forgetStatements();
            lab.listStatements(
                    NotifierService.DATABASE, ours.work(settings.cell()).items());
            return List.of(Result.of(
                    new Title("mail", "of the rate", LIMIT),
                    Goal.atLeast(0.6),
                    run.ratio(ours.name(), limit.name()),
                    settings.conclusive() && run.valid(),
                    Configuration.costs(run, arms),
                    configuration(run, mails, 0)));
        }
    }

    private List<Result> far(Lab lab, Rounds rounds, SlowWire wire, NotifierService notifier) {
        List<Result> results = new ArrayList<>(some(lab, rounds, wire, notifier));
        results.addAll(most(lab, rounds, wire, notifier));
        return results;
    }

    private static List<Result> some(Lab lab, Rounds rounds, SlowWire wire, NotifierService notifier) {
        Settings settings = rounds.settings();
        wire.adds(NEAR_MILLIS);
        int mails = Math.toIntExact(MAILS_A_SECOND * settings.cell().toSeconds());
        Reminders ours = new Reminders(lab, notifier, mails);
        try (SourceAndCommits limit = new SourceAndCommits(lab, wire.port(), CONNECTIONS, mails)) {
            Run run = rounds.run(List.of(limit, ours));
            return List.of(Result.of(
                    new Title("mail-5ms", "of the rate", LIMIT),
                    Goal.atLeast(0.6),
                    run.ratio(ours.name(), limit.name()),
                    settings.conclusive() && run.valid(),
                    Configuration.costs(run, List.of(limit, ours)),
                    configuration(run, mails, NEAR_MILLIS)));
        }
    }

    private static List<Result> most(Lab lab, Rounds rounds, SlowWire wire, NotifierService notifier) {
        Settings settings = rounds.settings();
        wire.adds(FAR_MILLIS);
        double allowed = CONNECTIONS * 1_000.0 / FAR_MILLIS;
        int mails = (int) (allowed * settings.cell().toSeconds());
        Reminders ours = new Reminders(lab, notifier, mails);
        Run run = rounds.run(List.of(ours));
        Score rate = run.rate(ours.name());
        boolean conclusive = settings.conclusive() && run.valid();
        Map<String, Object> configuration = configuration(run, mails, FAR_MILLIS);
        double executing = run.perItem(ours.name()).getOrDefault("execution_ms", 0.0);
        return List.of(
                Result.of(
                        new Title("mail-135ms", "of what the connections allow", "10 mails each 135 ms"),
                        Goal.atLeast(0.97),
                        share(rate, allowed),
                        conclusive,
                        Configuration.costs(run, List.of(ours)),
                        configuration),
                Result.of(
                        new Title("mail-expiry-mailer", "times the rate, at 135 ms", "an expiry mailer with 1.5/s"),
                        Goal.atLeast(50),
                        share(rate, EXPIRY_MAILER),
                        conclusive,
                        Map.of(),
                        configuration),
                Result.of(
                        new Title(
                                "mail-database", "of a connection's time for a mail, at 135 ms", "the database's work"),
                        Goal.atMost(0.1),
                        Score.of(executing * rate.median() / 1_000 / CONNECTIONS),
                        settings.conclusive(), // what statements take is counted by the server
                        Map.of(),
                        configuration));
    }

    private static Score share(Score rate, double of) {
        return new Score(rate.median() / of, rate.low() / of, rate.high() / of);
    }

    private static Map<String, Object> configuration(Run run, int mails, int millis) {
        Map<String, Object> configuration = Configuration.of(run, Lab.POSTGRES);
        configuration.put("mails", mails);
        configuration.put("connections", CONNECTIONS);
        configuration.put("pool", AuthService.POOL);
        configuration.put("added_ms", millis + ", to the last answer for each mail");
        configuration.put(
                "notifier", "packaged, -Xmx96m, serial collector, first compiler only; " + new TreeMap<>(UNPACED));
        configuration.put("auth-service", "stand-in in the process of the benchmark, 0 ms");
        configuration.put("mail server", "smtp-sink of postfix, without encryption");
        configuration.put("quarkus-mailer", "Vert.x mail client, 10 kept connections, in the process of the benchmark");
        configuration.put("simple-java-mail", "8.12.6 with batch-module, 10 threads and pooled connections, there too");
        return configuration;
    }
}
