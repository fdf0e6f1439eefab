package io.perennial.testsupport;

import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.process.ProcessSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The directory of this JVM's test processes. A small shell process waits for the end of the JVM, however it ends, then
 * kills the processes that are recorded here and deletes the directory. (A shutdown hook would miss a killed JVM, and
 * would run after Quarkus closed the class loaders it needs.)
 */
final class TestDirectory {

    private TestDirectory() {}

    static Path path() {
        return Path.of(JvmWide.value("directory", TestDirectory::create));
    }

    static Path record(String process) {
        return path().resolve("run").resolve(process + ".json");
    }

    private static String create() {
        try (InputStream script = TestDirectory.class.getResourceAsStream("sweep.sh")) {
            Path directory = Files.createTempDirectory("perennial-test-");
            if (script == null) {
                throw new IllegalStateException("sweep.sh is missing from test-support");
            }
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            List<String> command = List.of(
                    "sh",
                    "-c",
                    text,
                    "perennial-sweep",
                    Long.toString(ProcessHandle.current().pid()),
                    directory.toString());
            OwnedProcess.start(new ProcessSpec(
                    "sweep",
                    command,
                    directory.toAbsolutePath().getRoot(),
                    Map.of(),
                    directory.resolve("sweep.log"),
                    directory.resolve("sweep.json")));
            return directory.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for test processes", e);
        }
    }
}
