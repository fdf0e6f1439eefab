package io.perennial.launcher.cli;

import java.nio.file.Path;
import java.util.List;

/** Main class behind {@code ./perennial}. */
final class Perennial {

    private Perennial() {}

    public static void main(String[] arguments) {
        Path root = Path.of(System.getProperty("perennial.root", "."));
        System.exit(Answer.of(() -> new Commands(root, System.getenv(), System.out).run(List.of(arguments))));
    }
}
