package io.perennial.launcher.stack;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.service.ServiceProcess;
import io.perennial.launcher.service.ServiceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One process of one of the services. */
final class ServicePart implements Part {

    private static final Duration START = Duration.ofSeconds(90);

    private final Replica replica;
    private final Ports ports;
    private final StackHome home;
    private final Path root;
    private final ServiceEnvironment environment;

    ServicePart(Replica replica, Path root, ServiceEnvironment environment) {
        this.replica = replica;
        this.root = root;
        this.environment = environment;
        this.ports = environment.ports();
        this.home = environment.home();
    }

    StackService service() {
        return replica.service();
    }

    /** True for the process that hands out tokens, which all others ask for at their start. */
    boolean issues() {
        return service() == StackService.SANDBOX;
    }

    @Override
    public String name() {
        return replica.name();
    }

    @Override
    public List<Integer> ports() {
        List<Integer> all = new ArrayList<>(List.of(replica.port(ports), replica.managementPort(ports)));
        if (issues()) {
            all.add(ports.issuer());
            all.add(ports.smtp());
        }
        return all;
    }

    @Override
    public Path log() {
        return home.log(name());
    }

    @Override
    public Optional<OwnedProcess> process() {
        return OwnedProcess.recorded(home.record(name()));
    }

    @Override
    public void start() {
        ports().forEach(port -> LoopbackPort.requireFree(port, name()));
        ServiceProcess starting = process(environment.of(replica));
        starting.launch();
        try {
            starting.awaitReady(START);
        } catch (LauncherException e) {
            process().ifPresent(OwnedProcess::discard);
            throw e;
        }
    }

    @Override
    public boolean ready() {
        return alive() && process(Map.of()).ready();
    }

    @Override
    public void stop() {
        process(Map.of()).stop();
    }

    Optional<List<String>> takingClassData() {
        return process(Map.of()).takingClassData();
    }

    Optional<Duration> clockOffset() {
        return process(Map.of()).clockOffset();
    }

    private ServiceProcess process(Map<String, String> variables) {
        return new ServiceProcess(new ServiceSpec(
                name(),
                service().application(root),
                replica.port(ports),
                List.of("-Dperennial.home=" + home.directory()),
                variables,
                log(),
                home.record(name())));
    }
}
