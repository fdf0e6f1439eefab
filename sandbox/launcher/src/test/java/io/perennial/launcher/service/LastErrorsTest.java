package io.perennial.launcher.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.launcher.process.LogTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastErrorsTest {

    @TempDir
    Path home;

    @Test
    void errors_and_causes_count_and_stack_frames_do_not() throws IOException {
        Path log = home.resolve("log");
        Files.writeString(
                log,
                """
                INFO starting
                ERROR Failed to start application
                	at somewhere
                Caused by: java.net.BindException: Address already in use
                	at somewhere else
                """);
        assertThat(LastErrors.in(log, 0))
                .isEqualTo(
                        "ERROR Failed to start application | Caused by: java.net.BindException: Address already in use");
    }

    @Test
    void errors_of_an_earlier_start_do_not_count() throws IOException {
        Path log = home.resolve("log");
        Files.writeString(log, "ERROR yesterday\n");
        long position = LogTail.position(log);
        Files.writeString(log, "short of memory\n", StandardOpenOption.APPEND);
        assertThat(LastErrors.in(log, position)).isEqualTo("short of memory");
        assertThat(LastErrors.in(home.resolve("absent"), 0)).isEmpty();
    }
}
