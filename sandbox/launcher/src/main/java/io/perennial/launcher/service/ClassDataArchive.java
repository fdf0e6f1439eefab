package io.perennial.launcher.service;

import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Classes as a service's former life left them in memory, so that the next one starts in half the time.
 *
 * <p>Written when the service ends of itself (not when it is killed): only a life that did its work knows which classes
 * the work needs. A build makes it void.
 */
record ClassDataArchive(Path file) {

    static ClassDataArchive beside(Path jar) {
        Path file = jar.resolveSibling("classes.jsa");
        try {
            if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(jar)) < 0) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LauncherException("can not replace " + file, e);
        }
        return new ClassDataArchive(file);
    }

    /** To be run in the file's directory: an archive remembers the class path as it was named when it was made. */
    String[] options() {
        String name = file.getFileName().toString();
        return new String[] {
            Files.isRegularFile(file) ? "-XX:SharedArchiveFile=" + name : "-XX:ArchiveClassesAtExit=" + name,
            // each class that can not be archived would be a line of the service's log
            "-Xlog:cds=error",
            "-Xlog:cds+dynamic=error"
        };
    }
}
