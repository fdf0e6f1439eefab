package io.perennial.sandbox.clock;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The domain clock: what Amazon's calendar says, which is machine time plus the shared offset. */
@Singleton
public class SandboxClock implements InstantSource {

    private static final Logger LOG = Logger.getLogger(SandboxClock.class);
    private static final Duration REREAD_AFTER = Duration.ofMillis(100);

    private final Optional<Path> file;
    private final InstantSource machine = Clock.systemUTC();
    private Duration offset = Duration.ZERO;
    private Instant readAt = Instant.MIN;

    SandboxClock(ClockConfig config) {
        this.file = config.offsetFile();
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(offset());
    }

    public synchronized Duration offset() {
        Instant now = machine.instant();
        if (now.isAfter(readAt.plus(REREAD_AFTER)) || now.isBefore(readAt)) {
            readAt = now;
            read().ifPresent(value -> offset = value);
        }
        return offset;
    }

    /** Moves the clock forward for every process that shares the file, and returns the new offset. */
    synchronized Duration advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("the domain clock never goes backwards");
        }
        Duration next = read().orElse(offset).plus(by);
        file.ifPresent(path -> write(path, next));
        offset = next;
        return next;
    }

    private Optional<Duration> read() {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.parse(Files.readString(file.get()).trim()));
        } catch (NoSuchFileException e) {
            return Optional.of(Duration.ZERO);
        } catch (IOException | DateTimeParseException e) {
            LOG.warnf("clock offset file %s can not be read; the last known offset stays", file.get());
            return Optional.empty();
        }
    }

    /** Written beside and renamed, so that no reader ever sees half a value. */
    private static void write(Path path, Duration value) {
        try {
            Path directory = path.toAbsolutePath().getParent();
            Path draft = Files.createTempFile(directory, "clock", ".tmp");
            Files.writeString(draft, value + "\n");
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("clock offset file " + path + " can not be written", e);
        }
    }
}
