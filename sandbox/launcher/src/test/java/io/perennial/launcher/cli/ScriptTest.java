package io.perennial.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./perennial} on machines that lack something. */
class ScriptTest {
    private static final List<String> TOOLS =
            List.of("cat", "dirname", "find", "grep", "head", "mkdir", "mktemp", "paste", "ps", "readlink", "sed");

    @TempDir
    Path checkout;

    private Path bin;

    @BeforeEach
    void a_checkout_and_a_machine_with_nothing_but_common_tools() throws IOException {
        Files.copy(Path.of(System.getProperty("perennial.root", "../.."), "perennial"), checkout.resolve("perennial"));
        Files.writeString(checkout.resolve("pom.xml"), "<modules><module>sandbox</module></modules>");
        bin = Files.createDirectory(checkout.resolve("bin"));
        for (String tool : TOOLS) {
            program(tool, "exec " + onThisMachine(tool) + " \"$@\"");
        }
    }

    @Test
    void without_java_it_says_so_in_one_line() throws Exception {
        assertThat(up()).isEqualTo("perennial: no Java found: install JDK 17 or newer, or set JAVA_HOME\n");
    }

    @Test
    void without_maven_it_says_so_in_one_line() throws Exception {
        program("java", "exec " + Path.of(System.getProperty("java.home"), "bin", "java") + " \"$@\"");

        assertThat(up())
                .isEqualTo(
                        "perennial: no Maven found: install Maven 3.8.6 or newer, or put its bin directory on the PATH\n");
    }

    @Test
    void an_old_java_is_named_with_its_version() throws Exception {
        program("java", "echo 'openjdk version \"11.0.22\"' >&2");

        assertThat(up()).endsWith("java is version 11: JDK 17 or newer is needed, set JAVA_HOME to one\n");
    }

    @Test
    void a_full_disk_is_told_before_anything_is_built() throws Exception {
        program("java", "exec " + Path.of(System.getProperty("java.home"), "bin", "java") + " \"$@\"");
        program(
                "df",
                "echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'\n"
                        + "echo '/dev/disk 20000000 19692800 307200 99% /a disk 5% of'");

        assertThat(up())
                .isEqualTo("perennial: the disk of " + checkout
                        + " has 300 MiB free, the build needs 1024 MiB: make room and run it again\n");
        assertThat(checkout.resolve(".perennial")).doesNotExist();
    }

    private String up() throws IOException, InterruptedException {
        ProcessBuilder script = new ProcessBuilder(
                        onThisMachine("bash").toString(),
                        checkout.resolve("perennial").toString(),
                        "up")
                .redirectErrorStream(true);
        script.environment().clear();
        script.environment().put("PATH", bin.toString());
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(1);
        return said;
    }

    private void program(String name, String body) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!" + onThisMachine("bash") + "\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Path onThisMachine(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + tool + " on this machine"));
    }
}
