package io.perennial.launcher.service;

import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Classes as a running service has them in memory, so that the next start spends a third less of the processors.
 *
 * <p>Taken from a service that is ready: only that one knows which classes its work needs. The JVM writes beside the file
 * and renames, so what is there is whole. A build makes it void, and another JVM has a file of its own.
 */
record ClassDataArchive(Path file) {

    static ClassDataArchive beside(Path jar) {
        Path file = jar.resolveSibling("classes-" + Runtime.version() + ".jsa");
        try {
            if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(jar)) < 0) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LauncherException("can not replace " + file, e);
        }
        return new ClassDataArchive(file);
    }

    boolean missing() {
        return !Files.isRegularFile(file);
    }

    /** To be run in the file's directory: an archive remembers the class path as it was named when it was made. */
    String[] options() {
        return new String[] {
            missing() ? "-XX:+RecordDynamicDumpInfo" : "-XX:SharedArchiveFile=" + file.getFileName(),
            // each class that can not be archived would be a line of the service's log
            "-Xlog:cds=error",
            "-Xlog:cds+dynamic=error"
        };
    }

    /** The command that takes it from a JVM which was started with these options. */
    List<String> taking(long pid) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        return List.of(
                jcmd.toString(),
                Long.toString(pid),
                "VM.cds",
                "dynamic_dump",
                file.toAbsolutePath().toString());
    }
}
