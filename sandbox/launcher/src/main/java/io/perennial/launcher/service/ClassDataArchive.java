package io.perennial.launcher.service;

import io.perennial.launcher.LauncherException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Classes as a running service has them in memory, so that its next start spends a third less of the processors.
 *
 * <p>A JVM maps them only for its own class loaders. So a service with an archive has its jars on the class path; one
 * without is started by Quarkus' class loader, whose index finds classes faster than a class path of some hundred jars. A
 * build makes the archive void, and another JVM has a file of its own.
 *
 * @param application what the build left: holds {@code quarkus-run.jar}; the working directory of the service, since an
 *     archive remembers the class path as it was named when it was made
 */
record ClassDataArchive(Path application, Path file) {

    private static final String MAIN = "io.quarkus.runner.GeneratedMain";

    static ClassDataArchive of(Path application) {
        Path file = application.resolve("classes-" + Runtime.version() + ".jsa");
        try {
            Path jar = application.resolve("quarkus-run.jar");
            if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(jar)) < 0) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LauncherException("can not replace " + file, e);
        }
        return new ClassDataArchive(application, file);
    }

    boolean missing() {
        return !Files.isRegularFile(file);
    }

    /** What follows the options of the JVM that is to be the service. */
    String[] command() {
        if (missing()) {
            return new String[] {"-jar", "quarkus-run.jar"};
        }
        return new String[] {
            "-XX:SharedArchiveFile=" + file.getFileName(),
            // a class that can not be archived is no news for the service's log
            "-Xlog:cds=error",
            "-Xlog:cds+dynamic=error",
            "-cp",
            classPath(),
            MAIN
        };
    }

    /** Has a main class for taking the archive; on the class path since a class path may not differ afterwards. */
    Path loader() {
        return application.resolve("loaded-classes.jar");
    }

    /** What the build has changed or made comes before what it is made of. */
    String classPath() {
        return Stream.of(
                        List.of(loader()),
                        jars("quarkus").stream()
                                .sorted(Comparator.<Path>naturalOrder().reversed())
                                .toList(),
                        jars("app"),
                        // the more a jar has, the earlier it is asked
                        jars("lib/boot", "lib/main").stream()
                                .sorted(Comparator.comparing(ClassDataArchive::size)
                                        .reversed()
                                        .thenComparing(Comparator.naturalOrder()))
                                .toList())
                .flatMap(List::stream)
                .map(jar -> application.relativize(jar).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private List<Path> jars(String... directories) {
        return Stream.of(directories)
                .map(application::resolve)
                .filter(Files::isDirectory)
                .flatMap(ClassDataArchive::children)
                .filter(path -> path.toString().endsWith(".jar"))
                .sorted()
                .toList();
    }

    private static Stream<Path> children(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path jar) {
        try {
            return Files.size(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
