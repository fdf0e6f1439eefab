package io.perennial.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The example consumer as a process of its own: a listing tool in other hands. */
final class ListingSync implements AutoCloseable {
    private static final Path JAR = Path.of("..", "examples", "listing-sync", "target", "listing-sync.jar");

    private final Process process;
    private final Path output;

    private ListingSync(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static ListingSync listeningTo(House house) {
        try {
            Path directory = Files.createTempDirectory("listing-sync");
            Path output = directory.resolve("output");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx48m",
                            "-XX:+UseSerialGC",
                            "-jar",
                            JAR.toString(),
                            "--bootstrap",
                            house.stack().bootstrapServers(),
                            "--state",
                            directory.resolve("state.json").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new ListingSync(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException("The example does not start", e);
        }
    }

    /** What it said about one of the integrator's own ids: PAUSED or RESUMED, in order. */
    List<String> changesOf(String externalId) {
        try {
            return Files.readAllLines(output).stream()
                    .filter(line -> line.contains(" " + externalId + " of "))
                    .map(line -> line.split(" ")[0])
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The example's output can not be read", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
