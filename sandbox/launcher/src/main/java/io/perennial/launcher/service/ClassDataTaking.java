package io.perennial.launcher.service;

import io.perennial.launcher.process.JavaCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * Makes the archives of running services, one after the other: asks a service which classes it has, which stops it for a
 * blink, and lets a JVM of its own load and archive them.
 *
 * <p>A program: it takes as long as the start of the services, and goes on when whoever started them has ended.
 */
public final class ClassDataTaking {

    /** @param arguments the application directory and the process id of each service */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            take(ClassDataArchive.of(Path.of(arguments[i])), arguments[i + 1]);
        }
    }

    /** The command line of this program. */
    public static List<String> command(List<String> arguments) {
        return JavaCommand.small("32m")
                .with("-cp", home().toString(), ClassDataTaking.class.getName())
                .with(arguments.toArray(String[]::new))
                .words();
    }

    private static void take(ClassDataArchive archive, String pid) throws IOException, InterruptedException {
        if (!archive.missing()) {
            return;
        }
        Path names = Files.createTempFile(archive.application(), "classes", ".txt");
        Path made = names.resolveSibling(names.getFileName() + ".jsa");
        // also when the program is stopped
        names.toFile().deleteOnExit();
        made.toFile().deleteOnExit();
        try {
            List<String> classes = classesOf(pid);
            if (classes.isEmpty()) {
                return;
            }
            Files.write(names, classes);
            writeLoader(archive.loader());
            List<String> words = JavaCommand.small("128m")
                    .with(
                            "-XX:ArchiveClassesAtExit=" + made,
                            "-Xlog:cds=error",
                            "-Xlog:cds+dynamic=error",
                            "-cp",
                            archive.classPath(),
                            LoadedClasses.class.getName(),
                            names.toString())
                    .words();
            Process making = new ProcessBuilder(words)
                    .directory(archive.application().toFile())
                    .inheritIO()
                    .start();
            // whoever stops this program means both
            Runtime.getRuntime().addShutdownHook(new Thread(making::destroyForcibly));
            if (making.waitFor() == 0 && Files.isRegularFile(made)) {
                Files.move(made, archive.file(), StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            Files.deleteIfExists(names);
            Files.deleteIfExists(made);
        }
    }

    /** None of a service that did not answer: an archive without its classes would only be in the way of a better one. */
    private static List<String> classesOf(String pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asking = new ProcessBuilder(jcmd.toString(), pid, "VM.class_hierarchy")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> names = new ArrayList<>();
        try (var lines = asking.inputReader()) {
            lines.lines()
                    .map(ClassDataTaking::className)
                    .filter(name -> !name.isEmpty())
                    .forEach(names::add);
        }
        return asking.waitFor() == 0 ? names : List.of();
    }

    /** From {@code |  |--java.lang.String/null}; empty for lambdas, which have one more slash, and for what is no class. */
    static String className(String line) {
        String entry = line.substring(line.lastIndexOf("|--") < 0 ? 0 : line.lastIndexOf("|--") + "|--".length());
        int end = entry.indexOf('/');
        return end < 0 || entry.indexOf('/', end + 1) >= 0 ? "" : entry.substring(0, end);
    }

    private static void writeLoader(Path jar) throws IOException {
        String entry = LoadedClasses.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream in = ClassDataTaking.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            in.transferTo(out);
        }
    }

    private static Path home() {
        return Path.of(ClassDataTaking.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    private ClassDataTaking() {}
}
