package io.perennial.launcher.kafka;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.JavaCommand;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.process.ProcessSpec;
import io.perennial.launcher.process.Signal;
import io.perennial.launcher.process.Waiting;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A single Kafka node as a process of its own.
 *
 * <ul>
 *   <li>Loopback only; survives the JVM that started it, and its records survive a kill.
 *   <li>Topics are made by whoever knows them ({@link KafkaTopics}): a misspelled name is an error, not a new topic.
 * </ul>
 */
public final class KafkaProcess {

    private static final Duration START = Duration.ofSeconds(60);

    /** Without a quorum to talk to a node never ends by itself. */
    private static final Duration STOP = Duration.ofSeconds(15);

    private final KafkaSettings settings;
    private final OwnedProcess process;

    private KafkaProcess(KafkaSettings settings, OwnedProcess process) {
        this.settings = settings;
        this.process = process;
    }

    /** Starts the broker, formatting its directory first where it is new, and returns when it serves requests. */
    public static KafkaProcess start(KafkaSettings settings) {
        LoopbackPort.requireFree(settings.port(), "Kafka");
        Path properties = settings.directory().resolve("node.properties").toAbsolutePath();
        write(settings, properties);
        List<String> command = JavaCommand.small("256m")
                .with("-Dslf4j.internal.verbosity=WARN", "-Dslf4j.provider=" + QuietLogging.class.getName())
                // parts of the broker use log4j's own interface, whose search for an implementation ends with a
                // complaint
                .with("-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory")
                .with("-cp", BrokerClassPath.find())
                .with(KafkaNode.class.getName(), properties.toString())
                .words();
        OwnedProcess process = OwnedProcess.start(
                new ProcessSpec("kafka", command, settings.directory(), Map.of(), settings.log(), settings.record()));
        KafkaProcess kafka = new KafkaProcess(settings, process);
        try {
            if (!kafka.serves()) {
                throw kafka.failedToStart();
            }
            return kafka;
        } catch (LauncherException e) {
            process.discard();
            throw e;
        }
    }

    public OwnedProcess process() {
        return process;
    }

    public String bootstrapServers() {
        return LoopbackPort.HOST + ":" + settings.port();
    }

    public void stop() {
        stop(process);
    }

    public static void stop(OwnedProcess broker) {
        broker.stop(Signal.TERM, STOP);
    }

    private boolean serves() {
        Waiting.until(START, () -> !process.alive() || LoopbackPort.accepts(settings.port()));
        if (!process.alive()) {
            return false;
        }
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) START.toMillis());
        try (Admin admin = Admin.create(client)) {
            admin.describeCluster().clusterId().get(START.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while Kafka starts", e);
        }
    }

    private LauncherException failedToStart() {
        String last = String.join(" | ", process.lastLines(3));
        return new LauncherException("Kafka did not start; log " + settings.log() + ": " + last);
    }

    private static void write(KafkaSettings settings, Path file) {
        Properties properties = new Properties();
        properties.putAll(BrokerProperties.of(settings, LoopbackPort.free()));
        try {
            Files.createDirectories(file.getParent());
            try (Writer out = Files.newBufferedWriter(file)) {
                properties.store(out, null);
            }
        } catch (IOException e) {
            throw new LauncherException("can not write " + file + ": " + e.getMessage(), e);
        }
    }
}
