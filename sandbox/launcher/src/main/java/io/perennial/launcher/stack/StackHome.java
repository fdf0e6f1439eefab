package io.perennial.launcher.stack;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The data directory and what lies where in it. */
public record StackHome(Path directory) {

    private static final long NEEDED_BYTES = 1L << 30;
    private static final String RECORD = ".json";

    public StackHome {
        directory = directory.toAbsolutePath().normalize();
    }

    Path data(String part) {
        return directory.resolve("data").resolve(part);
    }

    public Path log(String part) {
        return directory.resolve("logs").resolve(part + ".log");
    }

    Path record(String part) {
        return directory.resolve("run").resolve(part + RECORD);
    }

    /** Names of the processes that were started from here and not stopped. */
    List<String> recorded() {
        Path records = directory.resolve("run");
        if (!Files.isDirectory(records)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(records)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(RECORD))
                    .map(name -> name.substring(0, name.length() - RECORD.length()))
                    .toList();
        } catch (IOException e) {
            throw new LauncherException("can not read " + records + ": " + e.getMessage(), e);
        }
    }

    Path secrets() {
        return directory.resolve("secrets");
    }

    public Path clockOffset() {
        return directory.resolve("clock-offset");
    }

    public Path lock() {
        return directory.resolve("lock");
    }

    void requireSpace() {
        requireSpace(NEEDED_BYTES);
    }

    void requireSpace(long needed) {
        try {
            Files.createDirectories(directory);
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < needed) {
                throw new LauncherException("the disk of " + directory + " has " + free / (1 << 20)
                        + " MiB free; Perennial needs " + needed / (1 << 20) + " MiB to start");
            }
        } catch (IOException e) {
            throw new LauncherException("can not use " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Deletes what the stack keeps, and nothing else that may lie beside it. */
    void delete() {
        Stream.of("data", "logs", "run", "secrets", "clock-offset")
                .map(directory::resolve)
                .forEach(DirectoryTree::delete);
    }
}
