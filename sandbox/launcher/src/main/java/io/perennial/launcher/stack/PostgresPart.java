package io.perennial.launcher.stack;

import io.perennial.launcher.postgres.PostgresProcess;
import io.perennial.launcher.postgres.PostgresSettings;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The database server with a database per service. */
record PostgresPart(Ports allPorts, StackHome home, ServiceEnvironment environment) implements Part {

    static final String NAME = "postgres";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(allPorts.postgres());
    }

    @Override
    public Path log() {
        return home.log(NAME);
    }

    @Override
    public Optional<OwnedProcess> process() {
        return OwnedProcess.recorded(home.record(NAME));
    }

    @Override
    public void start() {
        PostgresProcess server = PostgresProcess.start(new PostgresSettings(
                home.data(NAME),
                allPorts.postgres(),
                environment.secrets().get("postgres"),
                log(),
                home.record(NAME),
                Map.of()));
        server.createDatabases(Stream.of(StackService.values())
                .collect(Collectors.toMap(StackService::database, environment::databasePassword)));
    }

    @Override
    public boolean ready() {
        return alive() && LoopbackPort.accepts(allPorts.postgres());
    }

    @Override
    public void stop() {
        process().ifPresent(PostgresProcess::stop);
    }
}
