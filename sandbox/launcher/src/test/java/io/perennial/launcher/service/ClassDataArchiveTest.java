package io.perennial.launcher.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.launcher.process.JavaCommand;
import io.perennial.launcher.process.Waiting;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassDataArchiveTest {

    private static final String MAIN = "io.quarkus.runner.GeneratedMain";

    @TempDir
    Path application;

    /** As the build leaves a service, but small: a class of its own and the jar that starts it. */
    @BeforeEach
    void package_a_service() throws IOException {
        Path source = Files.writeString(
                Files.createDirectories(application.resolve("source")).resolve("GeneratedMain.java"),
                """
                package io.quarkus.runner;
                public class GeneratedMain {
                    public static void main(String[] arguments) throws Exception {
                        System.out.println("ready");
                        Thread.sleep(60_000);
                    }
                }
                """);
        ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", "" + application.resolve("source"), "" + source);
        byte[] main = Files.readAllBytes(application.resolve("source").resolve(MAIN.replace('.', '/') + ".class"));
        Files.createDirectories(application.resolve("quarkus"));
        jar(application.resolve("quarkus/generated-bytecode.jar"), main);
        jar(application.resolve("quarkus-run.jar"), main);
    }

    @Test
    void a_service_that_was_asked_for_its_classes_has_them_from_the_archive_at_its_next_start() throws Exception {
        Process first = start();
        try {
            ready(first);
            ClassDataTaking.main(new String[] {application.toString(), Long.toString(first.pid())});
        } finally {
            first.destroyForcibly();
        }
        assertThat(ClassDataArchive.of(application).missing()).isFalse();
        Path log = application.resolve("classes.log");
        Process second = start("-Xlog:class+load:file=" + log);
        try {
            ready(second);
            assertThat(Files.readAllLines(log))
                    .anyMatch(line -> line.contains(MAIN) && line.contains("shared objects file"));
        } finally {
            second.destroyForcibly();
        }
        try (var left = Files.list(application)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.endsWith(".txt"));
        }
    }

    @Test
    void a_build_makes_the_archive_void() throws IOException {
        ClassDataArchive archive = ClassDataArchive.of(application);
        Files.writeString(archive.file(), "of an earlier build");
        Files.setLastModifiedTime(archive.file(), FileTime.from(Instant.EPOCH));
        assertThat(ClassDataArchive.of(application).missing()).isTrue();
        assertThat(ClassDataArchive.of(application).command()).containsExactly("-jar", "quarkus-run.jar");
    }

    @Test
    void names_of_classes_are_read_and_lambdas_are_left_out() {
        assertThat(ClassDataTaking.className("|  |--java.lang.String/null")).isEqualTo("java.lang.String");
        assertThat(ClassDataTaking.className("java.lang.Object/null")).isEqualTo("java.lang.Object");
        assertThat(ClassDataTaking.className("|--io.perennial.Clock/0x00007f01401a8b00 (intf)"))
                .isEqualTo("io.perennial.Clock");
        assertThat(ClassDataTaking.className("|--io.perennial.Clock$$Lambda$7/0x00007f00f8d50b58/0x00007f01401a8b00"))
                .isEmpty();
        assertThat(ClassDataTaking.className("4711:")).isEmpty();
    }

    private Process start(String... options) throws IOException {
        List<String> words = JavaCommand.small("32m")
                .with(options)
                .with(ClassDataArchive.of(application).command())
                .words();
        return new ProcessBuilder(words)
                .directory(application.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    private Path output() {
        return application.resolve("output.log");
    }

    private void ready(Process process) {
        assertThat(Waiting.until(Duration.ofSeconds(30), () -> !process.isAlive() || saysReady(output())))
                .isTrue();
        assertThat(process.isAlive()).isTrue();
    }

    private static boolean saysReady(Path log) {
        try {
            return Files.readString(log).contains("ready");
        } catch (IOException e) {
            return false;
        }
    }

    private static void jar(Path file, byte[] main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, MAIN);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry(MAIN.replace('.', '/') + ".class"));
            jar.write(main);
        }
    }
}
