package io.perennial.launcher.cli;

import io.perennial.launcher.LauncherException;
import java.nio.file.Path;
import java.util.List;

/** Main class behind {@code ./perennial}: one clear line and exit code 1 for what can not be done, 2 for a wrong call. */
final class Perennial {

    private Perennial() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> words) {
        try {
            Path root = Path.of(System.getProperty("perennial.root", "."));
            return new Commands(root, System.getenv(), System.out).run(words);
        } catch (WrongCall e) {
            System.err.println("perennial: " + e.getMessage());
            return 2;
        } catch (LauncherException e) {
            System.err.println("perennial: " + e.getMessage());
            return 1;
        }
    }
}
