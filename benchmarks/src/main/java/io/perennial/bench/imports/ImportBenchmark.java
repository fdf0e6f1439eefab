package io.perennial.bench.imports;

import io.perennial.auth.vault.Sealing;
import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.Benchmark;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Configuration;
import io.perennial.bench.measure.Goal;
import io.perennial.bench.measure.Result;
import io.perennial.bench.measure.Result.Title;
import io.perennial.bench.measure.Rounds;
import io.perennial.bench.measure.Run;
import io.perennial.bench.measure.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Existing authorizations taken over, a line each: read, checked, sealed, written with schedule, audit and events. */
public final class ImportBenchmark implements Benchmark {
    /** Both arms take the same rows, so a cell is as long as they need: about that many are taken in a second. */
    private static final int CONNECTIONS_A_SECOND = 4_000;

    private static final int TENANTS = 200;

    @Override
    public String name() {
        return "import";
    }

    @Override
    public String measures() {
        return "imported connections a second, and what sealing their tokens takes";
    }

    @Override
    public List<Result> run(Lab lab, Rounds rounds) {
        Settings settings = rounds.settings();
        int connections = Math.toIntExact(CONNECTIONS_A_SECOND * settings.cell().toSeconds());
        // The events' rows are part of the work; their way to the broker is another benchmark's.
        AuthService auth = AuthService.start(
                lab, 1, Map.of("PERENNIAL_OUTBOX_ENABLED", "false", "PERENNIAL_OUTBOX_CAP", "10000000"));
        Path directory = lab.newDirectory("import");
        Rows rows = new Rows(lab, directory);
        ImportedLines ours =
                new ImportedLines(lab, auth, rows, directory.resolve("lines.ndjson"), connections, TENANTS);
        ours.prepare(settings.cell());
        ours.work(settings.cell());
        rows.keep();
        CopiedRows limit = new CopiedRows(rows, connections);
        Run lines = rounds.run(List.of(limit, ours));

        ours.prepare(settings.cell());
        lab.forgetStatements();
        lab.listStatements(AuthService.DATABASE, ours.work(settings.cell()).items());

        Arm bare = Sealing.bare();
        Arm sealing = Sealing.ours();
        Run tokens = rounds.run(List.of(bare, sealing));

        Map<String, Object> configuration = Configuration.of(lines, Lab.POSTGRES);
        configuration.put("connections", connections);
        configuration.put("tenants", TENANTS);
        configuration.put("pool", AuthService.POOL);
        configuration.put("tables", Rows.described());
        configuration.put("services", "JDK 17, -Xmx96m, serial collector, first compiler only; relay off");
        Map<String, Object> cipher = Configuration.of(tokens, Map.of());
        cipher.put("token_bytes", Sealing.TOKEN.length());
        cipher.put("processes", "one thread in the process of the benchmark");
        return List.of(
                Result.of(
                        new Title("import", "of the rate", limit.name()),
                        Goal.atLeast(0.4),
                        lines.ratio(ours.name(), limit.name()),
                        settings.conclusive() && lines.valid(),
                        Configuration.costs(lines, List.of(limit, ours)),
                        configuration),
                Result.of(
                        new Title("import-sealing", "of the rate", bare.name()),
                        Goal.atLeast(0.85),
                        tokens.ratio(sealing.name(), bare.name()),
                        settings.conclusive() && tokens.valid(),
                        Configuration.costs(tokens, List.of(bare, sealing)),
                        cipher));
    }
}
