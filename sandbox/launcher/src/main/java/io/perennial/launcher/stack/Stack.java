package io.perennial.launcher.stack;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.postgres.PostgresProcess;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.process.Waiting;
import io.perennial.launcher.service.LocalHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * All processes of one data directory and one port offset.
 *
 * <ul>
 *   <li>{@link #start} starts what does not run, in parallel, and returns when all is ready; when one part fails, the
 *       parts that this call started are stopped again.
 *   <li>The processes outlive this object and its JVM; another {@code Stack} of the same directory finds them.
 *   <li>{@link #stop} ends exactly the processes that are recorded in the directory.
 * </ul>
 */
public final class Stack {

    private static final Duration CLOCK_TAKEN = Duration.ofSeconds(30);

    private final Path root;
    private final Ports ports;
    private final StackHome home;
    private final ServiceEnvironment environment;
    private final PostgresPart postgres;
    private final KafkaPart kafka;
    private final List<ServicePart> services;

    private Stack(Path root, StackHome home, Ports ports) {
        this.root = root;
        this.ports = ports;
        this.home = home;
        this.environment = new ServiceEnvironment(ports, home, new Secrets(home.secrets()));
        this.postgres = new PostgresPart(ports, home, environment);
        this.kafka = new KafkaPart(ports, home);
        this.services = new CopyOnWriteArrayList<>(StackService.presentIn(root).stream()
                .map(service -> new ServicePart(new Replica(service, 1), root, environment))
                .toList());
    }

    /**
     * @param root the checkout that holds the built services
     * @param home the data directory; created when missing
     */
    public static Stack of(Path root, Path home, Ports ports) {
        return new Stack(root.toAbsolutePath().normalize(), new StackHome(home), ports);
    }

    public Ports ports() {
        return ports;
    }

    public StackHome home() {
        return home;
    }

    public String bootstrapServers() {
        return LoopbackPort.HOST + ":" + ports.kafka();
    }

    public String url(StackService service) {
        return ports.url(service);
    }

    /** One more process of a service, which belongs to the stack from now on; the caller starts it. */
    public Part replica(StackService service, int number) {
        ServicePart part = new ServicePart(new Replica(service, number), root, environment);
        services.add(part);
        return part;
    }

    /** Where a replica is reached, counted from 1. */
    public String url(StackService service, int replica) {
        return "http://localhost:" + new Replica(service, replica).port(ports);
    }

    /** A session on a service's database with that service's rights, for checks that look into the tables. */
    public Connection database(StackService service) throws SQLException {
        return PostgresProcess.connect(
                ports.postgres(), service.database(), environment.databasePassword(service), service.database());
    }

    /** Database, broker and services, in this order. */
    public List<Part> parts() {
        return Stream.concat(Stream.of(postgres, kafka), services.stream()).toList();
    }

    /** The part of that process name, such as {@code kafka} or {@code auth-service}. */
    public Part part(String name) {
        return parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LauncherException("no process '" + name + "'; there are "
                        + String.join(", ", parts().stream().map(Part::name).toList())));
    }

    public boolean running() {
        return parts().stream().allMatch(Part::alive);
    }

    public void start(Progress progress) {
        home.requireSpace();
        List<Part> missing = parts().stream().filter(part -> !part.alive()).toList();
        missing.forEach(part -> part.ports().forEach(port -> LoopbackPort.requireFree(port, part.name())));
        new ParallelStart(missing, progress).run(postgres, kafka, services);
        try {
            seed(progress);
        } catch (LauncherException e) {
            ParallelStop.of(missing, progress);
            throw e;
        }
    }

    /**
     * Begins to take from the services what makes their next start fast, where that was not done since the build. It goes
     * on when this JVM has ended.
     */
    public void takeClassData() {
        new ClassData(home).take(services);
    }

    /** Returns when that is done. */
    public void awaitClassData(Progress progress) {
        new ClassData(home).await(progress);
    }

    /** As {@link #stop}, for somebody who does not wait for class data. */
    public void stopNow(Progress progress) {
        new ClassData(home).abandon();
        stop(progress);
    }

    /** Stops what runs: first the services, then what they stand on. */
    public void stop(Progress progress) {
        awaitClassData(progress);
        stopStrangers();
        ParallelStop.of(services, progress);
        ParallelStop.of(List.of(kafka, postgres), progress);
    }

    /** Stops everything and forgets it: data, secrets, clock and logs. */
    public void reset(Progress progress) {
        stop(progress);
        home.delete();
    }

    public List<PartStatus> status() {
        return parts().stream().map(this::statusOf).toList();
    }

    /** A bearer token of the sandbox's issuer; no tenants means all tenants. */
    public String token(String role, String... tenants) {
        return SandboxTokens.request(ports.issuerUrl(), role, List.of(tenants));
    }

    /** Moves the domain clock, and returns its new offset when every process has taken it. */
    public Duration advance(Duration step) {
        LocalHttp.Answer answer = LocalHttp.post(
                ports.url(StackService.SANDBOX) + "/sandbox/clock",
                Map.of("Content-Type", "application/json"),
                "{\"advance\":\"" + step + "\"}");
        if (!answer.ok()) {
            throw new LauncherException("the sandbox refused to move the clock: " + answer.body());
        }
        Duration target = services.stream()
                .filter(part -> part.service() == StackService.SANDBOX)
                .findFirst()
                .flatMap(ServicePart::clockOffset)
                .orElseThrow(() -> new LauncherException("the sandbox does not show its clock"));
        List<ServicePart> waiting = new ArrayList<>(services);
        if (!Waiting.until(CLOCK_TAKEN, () -> {
            waiting.removeIf(part ->
                    !part.alive() || part.clockOffset().filter(target::equals).isPresent());
            return waiting.isEmpty();
        })) {
            throw new LauncherException("the clock moved to " + target + ", but after " + CLOCK_TAKEN.toSeconds()
                    + " s these have not taken it: "
                    + String.join(", ", waiting.stream().map(Part::name).toList()));
        }
        return target;
    }

    private void seed(Progress progress) {
        List<StackService> present = services.stream().map(ServicePart::service).toList();
        if (present.containsAll(List.of(StackService.SANDBOX, StackService.AUTH_SERVICE))) {
            new Seed(ports).plant();
            progress.note("the sandbox's application is registered");
        }
    }

    /** Replicas that somebody else began and did not end. */
    private void stopStrangers() {
        List<String> own = parts().stream().map(Part::name).toList();
        home.recorded().stream()
                .filter(name -> !own.contains(name))
                .map(home::record)
                .flatMap(record -> OwnedProcess.recorded(record).stream())
                .forEach(OwnedProcess::discard);
    }

    private PartStatus statusOf(Part part) {
        Optional<OwnedProcess> process = part.process();
        PartStatus.State state;
        if (process.isPresent()) {
            state = part.ready() ? PartStatus.State.READY : PartStatus.State.NOT_READY;
        } else {
            // a process that was stopped leaves no record
            state = Files.exists(home.record(part.name())) ? PartStatus.State.CRASHED : PartStatus.State.STOPPED;
        }
        return new PartStatus(
                part.name(),
                state,
                part.ports().get(0),
                process.map(OwnedProcess::pid),
                process.map(OwnedProcess::startedAt),
                process.map(OwnedProcess::memoryBytes).orElse(0L),
                part.log());
    }
}
