package io.perennial.launcher.stack;

import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The services, in one place: directory (and name), port, database. */
public enum StackService {
    SANDBOX("sandbox", 8090, "sandbox"),
    AUTH_SERVICE("auth-service", 8081, "auth"),
    TOKEN_MONITOR("token-monitor", 8082, "monitor"),
    FETCH_ORCHESTRATOR("fetch-orchestrator", 8083, "fetch"),
    NOTIFIER("notifier", 8084, "notifier"),
    CONSOLE("console", 8080, "console");

    private final String directory;
    private final int standardPort;
    private final String database;

    StackService(String directory, int standardPort, String database) {
        this.directory = directory;
        this.standardPort = standardPort;
        this.database = database;
    }

    /** Name of the process, of its log, and of its client at the issuer. */
    public String processName() {
        return directory;
    }

    /** Where the build left it. */
    Path application(Path root) {
        return root.resolve(directory).resolve("target").resolve("quarkus-app");
    }

    int standardPort() {
        return standardPort;
    }

    String database() {
        return database;
    }

    /** Those that the build of this checkout names. */
    static List<StackService> presentIn(Path root) {
        Path pom = root.resolve("pom.xml");
        try {
            String build = Files.readString(pom);
            return Stream.of(values())
                    .filter(service -> build.contains("<module>" + service.directory + "</module>"))
                    .toList();
        } catch (IOException e) {
            throw new LauncherException(root + " is no checkout of Perennial: can not read " + pom, e);
        }
    }
}
