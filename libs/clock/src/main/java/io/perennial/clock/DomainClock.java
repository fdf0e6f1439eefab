package io.perennial.clock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Merchants' time: the machine's time plus an offset.
 *
 * <ul>
 *   <li>In production the offset is zero and can not change.
 *   <li>In the sandbox it stands in a file as an ISO-8601 duration; every process that reads the file sees a move within
 *       {@value #RECHECK_MILLIS} ms. No file means zero.
 *   <li>Instants are cut to microseconds, the precision of the database, so that a stored instant equals the original.
 * </ul>
 *
 * <p>A file that can not be read or parsed is a fault: guessing the time would announce the wrong expiries.
 */
public final class DomainClock implements InstantSource {
    private static final long RECHECK_MILLIS = 100;

    private record Reading(Duration offset, long takenAtNanos) {}

    private final MachineClock machine;
    private final @Nullable Path offsetFile;
    private volatile Reading reading;

    private DomainClock(MachineClock machine, @Nullable Path offsetFile) {
        this.machine = machine;
        this.offsetFile = offsetFile;
        this.reading = new Reading(read(offsetFile), System.nanoTime());
    }

    /** A clock that can not be moved. */
    public static DomainClock immovable(MachineClock machine) {
        return new DomainClock(machine, null);
    }

    /** A clock that is moved by writing an ISO-8601 duration to a file. */
    public static DomainClock movable(MachineClock machine, Path offsetFile) {
        return new DomainClock(machine, offsetFile);
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(offset()).truncatedTo(ChronoUnit.MICROS);
    }

    /** How far this clock is ahead of the machine's. */
    public Duration offset() {
        Reading last = reading;
        if (offsetFile == null || System.nanoTime() - last.takenAtNanos() < RECHECK_MILLIS * 1_000_000) {
            return last.offset();
        }
        Reading fresh = new Reading(read(offsetFile), System.nanoTime());
        reading = fresh;
        return fresh.offset();
    }

    private static Duration read(@Nullable Path file) {
        if (file == null) {
            return Duration.ZERO;
        }
        try {
            String text = Files.readString(file).strip();
            return text.isEmpty() ? Duration.ZERO : Duration.parse(text);
        } catch (NoSuchFileException e) {
            return Duration.ZERO;
        } catch (IOException e) {
            throw new UncheckedIOException("The clock's offset can not be read from " + file, e);
        }
    }
}
