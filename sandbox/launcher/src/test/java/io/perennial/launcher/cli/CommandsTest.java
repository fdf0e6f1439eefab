package io.perennial.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.launcher.LauncherException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

    @TempDir
    Path root;

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void aCheckoutWithOneService() throws IOException {
        Files.writeString(root.resolve("pom.xml"), "<modules><module>sandbox</module></modules>");
        // away from the fixed ports: a started Perennial must not matter here
        environment.put("PERENNIAL_PORT_OFFSET", "17000");
    }

    @Test
    void help_lists_the_commands() {
        assertThat(run("help")).isZero();
        assertThat(output())
                .contains(
                        "up [--detach]",
                        "down",
                        "status",
                        "token",
                        "import FILE",
                        "logs",
                        "advance",
                        "replay",
                        "rebuild CONSUMER",
                        "demo [--seed=N] [--keep]",
                        "bench [NAME...]",
                        "reset");
        assertThat(run()).isZero();
    }

    @Test
    void status_of_a_stopped_stack_names_every_process_and_says_so_by_its_exit_code() {
        assertThat(run("status")).isEqualTo(1);
        assertThat(output()).contains("postgres", "kafka", "sandbox", "stopped", "0 MiB");
    }

    @Test
    void down_is_no_failure_when_nothing_runs() {
        assertThat(run("down")).isZero();
        assertThat(output()).contains("Perennial is stopped");
    }

    @Test
    void reset_deletes_what_the_stack_keeps_and_nothing_beside_it() throws IOException {
        Path home = root.resolve("elsewhere");
        environment.put("PERENNIAL_HOME", home.toString());
        Files.createDirectories(home.resolve("data/kafka"));
        Files.createDirectories(home.resolve("secrets"));
        Files.writeString(home.resolve("clock-offset"), "P1D");
        Files.writeString(home.resolve("letter.txt"), "mine");
        assertThat(run("reset")).isZero();
        assertThat(home.resolve("data")).doesNotExist();
        assertThat(home.resolve("secrets")).doesNotExist();
        assertThat(home.resolve("clock-offset")).doesNotExist();
        assertThat(home.resolve("letter.txt")).exists();
    }

    @Test
    void two_commands_do_not_change_the_same_directory_at_once() throws Exception {
        Commands commands = commands();
        commands.run(List.of("down"));
        Path lock = root.resolve(".perennial/lock");
        // a lock of this JVM would not show: it belongs to another process
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        lock.toString())
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            assertThatThrownBy(() -> commands.run(List.of("down")))
                    .isInstanceOf(LauncherException.class)
                    .hasMessageContaining("another ./perennial command");
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fly",
                "up --now",
                "up --detach now",
                "status all",
                "down x",
                "token",
                "logs a b",
                "advance",
                "replay",
                "replay notifier --now",
                "rebuild",
                "rebuild token-monitor notifier",
                "rebuild token-monitor --now",
                "reset all"
            })
    void a_wrong_call_points_to_the_help(String line) {
        assertThatThrownBy(() -> run(line.split(" ")))
                .isInstanceOf(WrongCall.class)
                .hasMessageContaining("./perennial help");
    }

    @Test
    void logs_of_an_unknown_process_name_the_known_ones() {
        assertThatThrownBy(() -> run("logs", "nobody"))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("postgres, kafka, sandbox");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    replay nobody                        | auth-service, console, fetch-orchestrator
                    replay notifier perennial.orders.v1  | it reads perennial.connections.v1, perennial.expiry.v1
                    replay notifier                      | ./perennial up
                    replay notifier --dry-run            | ./perennial up
                    replay notifier --kafka=no-such-file | no-such-file
                    rebuild notifier                     | there is token-monitor
                    rebuild token-monitor                | ./perennial up
                    """)
    void a_replay_or_rebuild_that_can_not_be_says_why_in_one_line(String line, String why) {
        assertThatThrownBy(() -> run(line.split(" ")))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"much", "60000", "-5000", "1.5"})
    void an_offset_that_is_no_offset_is_refused(String offset) {
        environment.put("PERENNIAL_PORT_OFFSET", offset);
        assertThatThrownBy(() -> run("status"))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("PERENNIAL_PORT_OFFSET");
    }

    @Test
    void a_service_that_is_not_built_is_named_and_nothing_is_left_running() {
        assertThatThrownBy(() -> run("up", "--detach"))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("sandbox is not built");
        printed.reset();
        run("status");
        assertThat(output()).doesNotContain("ready", "crashed");
    }

    private int run(String... words) {
        return commands().run(List.of(words));
    }

    private Commands commands() {
        return new Commands(root, environment, new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private String output() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
