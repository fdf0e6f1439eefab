package io.perennial.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves the domain clock of everything that a test runs, through the offset file that the processes watch. Machine time
 * (leases, time-outs) is not touched.
 */
public final class TestClock {

    /** The processes look at the file at most every 100 ms. */
    private static final Duration NOTICED = Duration.ofMillis(150);

    private final Path file;

    private TestClock(Path file) {
        this.file = file;
    }

    /** The clock of this JVM's tests. */
    public static TestClock shared() {
        return new TestClock(TestDirectory.path().resolve("clock-offset"));
    }

    /** A clock of a test's own, for processes that it starts itself. */
    public static TestClock at(Path file) {
        return new TestClock(file);
    }

    public Path file() {
        return file;
    }

    /** What the processes take for now. */
    public Instant now() {
        return Instant.now().plus(offset());
    }

    public Duration offset() {
        try {
            return Files.exists(file) ? Duration.parse(Files.readString(file).strip()) : Duration.ZERO;
        } catch (IOException e) {
            throw new UncheckedIOException("can not read " + file, e);
        }
    }

    public void advance(Duration step) {
        set(offset().plus(step));
    }

    public void advanceTo(Instant instant) {
        advance(Duration.between(now(), instant));
    }

    public void reset() {
        set(Duration.ZERO);
    }

    private void set(Duration offset) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(next, offset.toString());
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("can not write " + file, e);
        }
        LockSupport.parkNanos(NOTICED.toNanos());
    }
}
