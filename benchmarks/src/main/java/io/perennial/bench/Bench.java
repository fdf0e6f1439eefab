package io.perennial.bench;

import io.perennial.bench.budget.BudgetBenchmark;
import io.perennial.bench.callback.CallbackBenchmark;
import io.perennial.bench.expiry.CohortBenchmark;
import io.perennial.bench.expiry.DueClaimBenchmark;
import io.perennial.bench.expiry.GrowthBenchmark;
import io.perennial.bench.expiry.IdleTickBenchmark;
import io.perennial.bench.fairness.FairnessBenchmark;
import io.perennial.bench.imports.ImportBenchmark;
import io.perennial.bench.ingest.IngestBenchmark;
import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.lab.Machine;
import io.perennial.bench.loadstatus.LoadStatusBenchmark;
import io.perennial.bench.mail.MailBenchmark;
import io.perennial.bench.measure.Progress;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Results;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Settings;
import io.perennial.bench.refresh.SingleFlightBenchmark;
import io.perennial.bench.relay.BacklogBenchmark;
import io.perennial.bench.relay.HistoryBenchmark;
import io.perennial.bench.relay.RelayBenchmark;
import io.perennial.bench.relay.RelayLatencyBenchmark;
import io.perennial.launcher.LauncherException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Main class behind {@code ./perennial bench}. */
final class Bench {
    /** Every benchmark there is. */
    private static final List<Benchmark> ALL = List.of(
            new CallbackBenchmark(),
            new ImportBenchmark(),
            new SingleFlightBenchmark(),
            new IdleTickBenchmark(),
            new DueClaimBenchmark(),
            new CohortBenchmark(),
            new GrowthBenchmark(),
            new BudgetBenchmark(),
            new FairnessBenchmark(),
            new IngestBenchmark(),
            new LoadStatusBenchmark(),
            RelayBenchmark.small(),
            RelayBenchmark.large(),
            new BacklogBenchmark(),
            new HistoryBenchmark(),
            new RelayLatencyBenchmark(),
            MailBenchmark.near(),
            MailBenchmark.far());

    private static final String HELP =
            """
            usage: ./perennial bench [NAME...] [--quick] [--cell=SECONDS] [--rounds=N] [--warm-up=SECONDS]

            Without names all of them run. --quick shows that they work, in about a minute each, and meets no goal.
            Results: benchmarks/results/NAME.json and the table in benchmarks/README.md. Leave the machine alone meanwhile.
            """;

    private final Path root;
    private final Progress progress = line -> {
        System.out.println(line);
        System.out.flush();
    };

    private Bench(Path root) {
        this.root = root;
    }

    public static void main(String[] words) {
        try {
            System.exit(new Bench(Path.of(System.getProperty("perennial.root", "."))).run(List.of(words)));
        } catch (LauncherException | IllegalArgumentException e) {
            System.err.println("perennial bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private int run(List<String> words) {
        if (words.contains("--help") || words.contains("help")) {
            System.out.print(HELP);
            ALL.forEach(one -> System.out.printf(Locale.ROOT, "  %-16s %s%n", one.name(), one.measures()));
            return 0;
        }
        Settings settings = settings(words);
        List<Benchmark> chosen = chosen(words);
        List<Result> all = new ArrayList<>();
        for (Benchmark benchmark : chosen) {
            Optional<String> missing = benchmark.missing();
            missing.ifPresent(what -> progress.say(benchmark.name() + " is left out: " + what));
            if (missing.isEmpty()) {
                all.addAll(run(benchmark, settings));
            }
        }
        for (Result result : all) {
            progress.say(String.format(
                    Locale.ROOT,
                    "%-24s %s (%s to %s) %s against %s, goal %s: %s",
                    result.name(),
                    result.median(),
                    result.low(),
                    result.high(),
                    result.unit(),
                    result.against(),
                    result.goal(),
                    settings.conclusive() ? (result.met() ? "met" : "NOT met") : "quick or short, counts for nothing"));
        }
        return all.isEmpty() ? 1 : 0;
    }

    private List<Result> run(Benchmark benchmark, Settings settings) {
        progress.say(String.format(
                Locale.ROOT,
                "%s: %s%n  %d rounds, cells of %d s%s",
                benchmark.name(),
                benchmark.measures(),
                settings.rounds(),
                settings.cell().toSeconds(),
                settings.quick() ? ", QUICK: shows that it works, measures nothing" : ""));
        Path target = root.resolve("benchmarks/target");
        try (Lab lab =
                Lab.open(root, target.resolve("bench-" + ProcessHandle.current().pid()), benchmark.postgres())) {
            Thread hook = new Thread(lab::close);
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                List<Result> results = benchmark.run(lab, new Rounds(settings, new Machine(lab), lab, progress));
                keep(results, settings, target);
                return results;
            } finally {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    private void keep(List<Result> results, Settings settings, Path target) {
        Results files = new Results(settings.quick() ? target.resolve("quick") : root.resolve("benchmarks/results"));
        results.forEach(files::write);
        if (!settings.quick()) {
            files.tabulate(root.resolve("benchmarks/README.md"));
        }
    }

    private static List<Benchmark> chosen(List<String> words) {
        List<String> names =
                words.stream().filter(word -> !word.startsWith("--")).toList();
        for (String name : names) {
            if (ALL.stream().noneMatch(one -> one.name().equals(name))) {
                throw new IllegalArgumentException("there is no benchmark '" + name + "'; there are "
                        + String.join(", ", ALL.stream().map(Benchmark::name).toList()));
            }
        }
        return names.isEmpty()
                ? ALL
                : ALL.stream().filter(one -> names.contains(one.name())).toList();
    }

    private static Settings settings(List<String> words) {
        boolean quick = words.contains("--quick");
        Settings defaults = quick ? Settings.QUICK : Settings.FULL;
        for (String word : words) {
            if (word.startsWith("--") && !word.equals("--quick") && !word.matches("--(cell|rounds|warm-up)=\\d+")) {
                throw new IllegalArgumentException(
                        "bench knows --quick, --cell=SECONDS, --rounds=N and --warm-up=SECONDS, not " + word);
            }
        }
        return new Settings(
                Duration.ofSeconds(number(words, "--cell=", defaults.cell().toSeconds())),
                (int) number(words, "--rounds=", defaults.rounds()),
                Duration.ofSeconds(number(words, "--warm-up=", defaults.warmUp().toSeconds())),
                quick);
    }

    private static long number(List<String> words, String option, long otherwise) {
        return words.stream()
                .filter(word -> word.startsWith(option))
                .map(word -> Long.parseLong(word.substring(option.length())))
                .findFirst()
                .orElse(otherwise);
    }
}
