package io.perennial.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnedProcessTest {

    @TempDir
    Path home;

    @Test
    void a_started_process_is_found_again_by_its_record() {
        OwnedProcess started = start("sleep 60");
        OwnedProcess found = OwnedProcess.recorded(record()).orElseThrow();
        assertThat(found.pid()).isEqualTo(started.pid());
        assertThat(found.memoryBytes()).isPositive();
        found.stop(Signal.TERM, Duration.ofSeconds(5));
        assertThat(started.alive()).isFalse();
        assertThat(record()).doesNotExist();
    }

    @Test
    void a_pid_that_belongs_to_somebody_else_is_left_alone() throws IOException {
        OwnedProcess stranger = start("sleep 60");
        String text = Files.readString(record());
        Files.writeString(
                record(),
                text.replace(
                        stranger.startedAt().toString(),
                        stranger.startedAt().minusSeconds(60).toString()));
        assertThat(OwnedProcess.recorded(record())).isEmpty();
        assertThat(stranger.alive()).isTrue();
        stranger.kill();
    }

    @Test
    void a_process_that_ignores_the_polite_way_is_killed_at_the_deadline() {
        OwnedProcess stubborn = start("trap '' TERM; echo ready; while true; do sleep 0.1; done");
        assertThat(Waiting.until(
                        Duration.ofSeconds(5), () -> stubborn.lastLines(1).equals(List.of("ready"))))
                .isTrue();
        stubborn.stop(Signal.TERM, Duration.ofMillis(300));
        assertThat(stubborn.alive()).isFalse();
    }

    @Test
    void a_frozen_process_can_still_be_stopped() {
        OwnedProcess frozen = start("sleep 60");
        frozen.freeze();
        assertThat(frozen.alive()).isTrue();
        frozen.stop(Signal.TERM, Duration.ofSeconds(5));
        assertThat(frozen.alive()).isFalse();
    }

    @Test
    void whoever_was_seen_to_be_gone_stays_gone() {
        for (int i = 0; i < 40; i++) {
            OwnedProcess brief = start("exit 0");
            assertThat(brief.awaitExit(Duration.ofSeconds(5))).isTrue();
            assertThat(brief.alive()).isFalse();
        }
    }

    @Test
    void an_unreadable_record_names_nobody() throws IOException {
        Files.createDirectories(record().getParent());
        Files.writeString(record(), "{");
        assertThat(OwnedProcess.recorded(record())).isEmpty();
    }

    private OwnedProcess start(String script) {
        return OwnedProcess.start(new ProcessSpec(
                "sleeper", List.of("sh", "-c", script), home, Map.of(), home.resolve("sleeper.log"), record()));
    }

    private Path record() {
        return home.resolve("run/sleeper.json");
    }
}
