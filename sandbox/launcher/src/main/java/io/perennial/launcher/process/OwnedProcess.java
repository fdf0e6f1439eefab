package io.perennial.launcher.process;

import io.perennial.launcher.LauncherException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process that was started here, now or by an earlier JVM.
 *
 * <ul>
 *   <li>It runs in a session of its own: neither Ctrl-C nor the end of the terminal reaches it.
 *   <li>Its identity is pid and start instant; a signal is sent only while both match.
 * </ul>
 */
public final class OwnedProcess {

    /** Linux derives the start instant from a boot time in whole seconds that moves with the wall clock. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    private final ProcessRecord record;
    private final Path recordFile;

    private OwnedProcess(ProcessRecord record, Path recordFile) {
        this.record = record;
        this.recordFile = recordFile;
    }

    public static OwnedProcess start(ProcessSpec spec) {
        List<String> command = new ArrayList<>(Detachment.prefix());
        command.addAll(spec.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(spec.directory().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        builder.environment().putAll(spec.environment());
        try {
            Files.createDirectories(spec.log().toAbsolutePath().getParent());
            LogTail.setAsideWhenLarge(spec.log());
            Process process = builder.start();
            Instant started =
                    process.info().startInstant().orElseGet(Instant::now).truncatedTo(ChronoUnit.MILLIS);
            ProcessRecord record = new ProcessRecord(spec.name(), process.pid(), started, spec.log());
            record.writeTo(spec.record());
            return new OwnedProcess(record, spec.record());
        } catch (IOException e) {
            throw new LauncherException("can not start " + spec.name() + ": " + e.getMessage(), e);
        }
    }

    /** The process that a record speaks of, if it still runs. */
    public static Optional<OwnedProcess> recorded(Path recordFile) {
        return ProcessRecord.readFrom(recordFile)
                .map(record -> new OwnedProcess(record, recordFile))
                .filter(OwnedProcess::alive);
    }

    public String name() {
        return record.name();
    }

    public long pid() {
        return record.pid();
    }

    public Instant startedAt() {
        return record.startedAt();
    }

    public Path log() {
        return record.log();
    }

    public boolean alive() {
        return handle().isPresent();
    }

    /** Ends it politely; after the deadline it is killed. Returns when it is gone. */
    public void stop(Signal signal, Duration deadline) {
        send(signal);
        send(Signal.CONT);
        if (!awaitExit(deadline)) {
            kill();
        }
        forget();
    }

    /** Ends it at once, as a crash would, and returns when it is gone. */
    public void kill() {
        boolean interrupted = Thread.interrupted();
        send(Signal.KILL);
        awaitExit(Duration.ofSeconds(10));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it at once and strikes it from the record: it was never wanted. */
    public void discard() {
        kill();
        forget();
    }

    /** Stops its clockwork without ending it, as a long pause of the machine would. */
    public void freeze() {
        send(Signal.STOP);
    }

    public void thaw() {
        send(Signal.CONT);
    }

    public boolean awaitExit(Duration deadline) {
        return Waiting.until(deadline, () -> !alive());
    }

    /** Its own memory and that of its children. */
    public long memoryBytes() {
        return handle().stream()
                .flatMap(own -> Stream.concat(Stream.of(own), own.descendants()))
                .mapToLong(one -> ProcessMemory.bytes(one.pid()))
                .sum();
    }

    /** The last lines of its log that are not blank. */
    public List<String> lastLines(int count) {
        return LogTail.lines(log(), count);
    }

    private void send(Signal signal) {
        if (!alive()) {
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("can not signal " + name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while stopping " + name(), e);
        }
    }

    private void forget() {
        try {
            Files.deleteIfExists(recordFile);
        } catch (IOException e) {
            throw new UncheckedIOException("can not delete " + recordFile, e);
        }
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid()).filter(this::isTheOneRecorded).filter(one -> !isZombie(one));
    }

    private boolean isTheOneRecorded(ProcessHandle candidate) {
        return candidate.isAlive()
                && candidate
                        .info()
                        .startInstant()
                        .map(started ->
                                Duration.between(started, startedAt()).abs().compareTo(START_TOLERANCE) <= 0)
                        .orElse(true);
    }

    /** The first thread may be gone while others still hold the ports. */
    private static boolean hasOtherThreads(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.count() > 1;
        }
    }

    /** Where nobody reaps orphans (process 1 of many containers), a dead process keeps its pid for ever. */
    private static boolean isZombie(ProcessHandle process) {
        long pid = process.pid();
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith(") Z", stat.lastIndexOf(')')) && !hasOtherThreads(pid);
        } catch (IOException e) {
            // No such thing here, or it was reaped while it was looked at.
            return !process.isAlive();
        }
    }
}
