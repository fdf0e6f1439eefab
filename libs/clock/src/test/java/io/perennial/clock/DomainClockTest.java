package io.perennial.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DomainClockTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456789Z");
    private final MachineClock machine = new MachineClock(InstantSource.fixed(NOW));

    @TempDir
    Path directory;

    @Test
    void immovable_clock_tells_the_machines_time_in_microseconds() {
        assertThat(DomainClock.immovable(machine).instant()).isEqualTo("2026-03-01T10:00:00.123456Z");
    }

    @Test
    void missing_file_means_no_offset() {
        assertThat(DomainClock.movable(machine, directory.resolve("none")).offset())
                .isZero();
    }

    @Test
    void move_is_seen_by_a_running_clock() throws Exception {
        Path file = directory.resolve("offset");
        DomainClock clock = DomainClock.movable(machine, file);
        Files.writeString(file, "P335D\n");

        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (clock.offset().isZero() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }

        assertThat(clock.instant()).isEqualTo(NOW.plus(Duration.ofDays(335)).minusNanos(789));
    }

    @Test
    void unreadable_offset_is_a_fault() throws Exception {
        Path file = directory.resolve("offset");
        Files.writeString(file, "yesterday");

        assertThatThrownBy(() -> DomainClock.movable(machine, file)).isInstanceOf(DateTimeParseException.class);
    }

    @Test
    void ids_sort_by_time_and_are_version_7() {
        TimeOrderedIds early = new TimeOrderedIds(InstantSource.fixed(NOW));
        TimeOrderedIds late = new TimeOrderedIds(InstantSource.fixed(NOW.plusMillis(1)));

        assertThat(early.next().version()).isEqualTo(7);
        assertThat(early.next().variant()).isEqualTo(2);
        assertThat(early.next().toString()).isLessThan(late.next().toString());
    }
}
