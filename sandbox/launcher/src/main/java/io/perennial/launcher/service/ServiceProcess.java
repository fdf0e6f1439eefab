package io.perennial.launcher.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.JavaCommand;
import io.perennial.launcher.process.LogTail;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.process.ProcessSpec;
import io.perennial.launcher.process.Signal;
import io.perennial.launcher.process.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** One service as a JVM of its own. It survives the JVM that started it and is found again by its record. */
public final class ServiceProcess {

    private static final Duration STOP = Duration.ofSeconds(12);
    private static final Duration POLL = Duration.ofMillis(150);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServiceSpec spec;
    private long logPosition;

    public ServiceProcess(ServiceSpec spec) {
        this.spec = spec;
    }

    public String name() {
        return spec.name();
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + spec.port();
    }

    public Path log() {
        return spec.log();
    }

    /** The process, if it runs. */
    public Optional<OwnedProcess> process() {
        return OwnedProcess.recorded(spec.record());
    }

    /** Starts the JVM and returns at once. */
    public OwnedProcess launch() {
        Path jar = jar();
        if (!Files.isRegularFile(jar)) {
            throw new LauncherException(spec.name() + " is not built: " + jar + " is missing");
        }
        List<String> words = JavaCommand.small("96m")
                .with("-XX:+ExitOnOutOfMemoryError")
                .with(spec.jvmOptions().toArray(String[]::new))
                .with(classData().command())
                .words();
        logPosition = LogTail.position(spec.log());
        return OwnedProcess.start(
                new ProcessSpec(spec.name(), words, spec.directory(), spec.environment(), spec.log(), spec.record()));
    }

    /** Returns when the service is ready; says why when it died or took longer than the deadline. */
    public void awaitReady(Duration deadline) {
        boolean decided = Waiting.until(deadline, POLL, () -> process().isEmpty() || ready());
        if (process().isEmpty()) {
            throw new LauncherException(spec.name() + " ended while starting; log " + spec.log() + ": "
                    + LastErrors.in(spec.log(), logPosition));
        }
        if (!decided) {
            throw new LauncherException(spec.name() + " is not ready after " + deadline.toSeconds() + " s; log "
                    + spec.log() + ": " + LastErrors.in(spec.log(), logPosition));
        }
    }

    public boolean ready() {
        // a refused connection costs next to nothing, a refused HTTP call takes time from those that are starting
        return LoopbackPort.accepts(spec.port())
                && health().filter(answer -> answer.status() == 200).isPresent();
    }

    /** How far the service's domain clock is ahead, as its health page shows it. */
    public Optional<Duration> clockOffset() {
        return health().flatMap(ServiceProcess::offsetIn);
    }

    /** SIGTERM, and after a deadline SIGKILL. */
    public void stop() {
        process().ifPresent(running -> running.stop(Signal.TERM, STOP));
    }

    /** What {@link ClassDataTaking} wants to know of the running service; nothing where there are class data. */
    public Optional<List<String>> takingClassData() {
        return process()
                .filter(running -> classData().missing())
                .map(running -> List.of(spec.directory().toString(), Long.toString(running.pid())));
    }

    private ClassDataArchive classData() {
        return ClassDataArchive.of(spec.directory());
    }

    private Path jar() {
        return spec.directory().resolve("quarkus-run.jar");
    }

    private Optional<LocalHttp.Answer> health() {
        return LocalHttp.tryGet(baseUrl() + "/q/health/ready");
    }

    private static Optional<Duration> offsetIn(LocalHttp.Answer answer) {
        try {
            for (JsonNode check : JSON.readTree(answer.body()).path("checks")) {
                if (check.path("name").asText().equals("domain-clock")) {
                    return Optional.of(
                            Duration.parse(check.path("data").path("offset").asText()));
                }
            }
        } catch (JsonProcessingException | DateTimeParseException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
