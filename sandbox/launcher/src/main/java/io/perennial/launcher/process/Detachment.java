package io.perennial.launcher.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The words in front of a command that give it a session of its own and then become that command. */
final class Detachment {

    private static final List<String> PREFIX = find();

    private Detachment() {}

    static List<String> prefix() {
        return PREFIX;
    }

    private static List<String> find() {
        if (onPath("setsid")) {
            return List.of("setsid");
        }
        // macOS has no setsid command, but it has perl
        return onPath("perl") ? List.of("perl", "-MPOSIX", "-e", "setsid(); exec @ARGV", "--") : List.of();
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Stream.of(path.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
