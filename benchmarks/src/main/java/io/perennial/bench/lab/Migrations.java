package io.perennial.bench.lab;

import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The tables of a service without the service: its migrations and those of the libraries, in their order. */
public final class Migrations {
    private static final String SCRIPTS = "src/main/resources/db/migration";

    private Migrations() {}

    /**
     * A new database with a service's tables.
     *
     * @param database also the name of its role
     * @param service its directory
     */
    public static void create(Lab lab, String database, String service) {
        lab.createDatabase(database);
        List<Path> scripts = new ArrayList<>();
        for (String module : List.of("libs/outbox", "libs/inbox", service)) {
            try (Stream<Path> files = Files.walk(lab.root().resolve(module).resolve(SCRIPTS))) {
                files.filter(file -> file.toString().endsWith(".sql")).forEach(scripts::add);
            } catch (IOException e) {
                throw new LauncherException("no migrations of " + module + ": " + e.getMessage(), e);
            }
        }
        scripts.sort(Comparator.comparing(file -> file.getFileName().toString()));
        for (Path script : scripts) {
            try {
                lab.execute(database, Files.readString(script));
            } catch (IOException e) {
                throw new LauncherException("can not read " + script + ": " + e.getMessage(), e);
            }
        }
    }
}
