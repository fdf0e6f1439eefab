package io.perennial.launcher.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads the classes that a file names, a line each, and ends: its JVM archives what it has loaded. */
final class LoadedClasses {

    public static void main(String[] names) throws IOException {
        for (String name : Files.readAllLines(Path.of(names[0]))) {
            try {
                Class.forName(name, false, LoadedClasses.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                // made while the service ran: it makes the like again
            }
        }
    }

    private LoadedClasses() {}
}
