package io.perennial.launcher.postgres;

import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The words in front of a PostgreSQL command that keep it from being root: PostgreSQL refuses to run as root, and a new
 * user namespace in which root is nobody satisfies it while the files stay where and whose they are.
 */
final class RootEscape {

    private static final List<String> NAMESPACE = List.of("unshare", "-U");

    private RootEscape() {}

    static List<String> prefix() {
        if (!"0".equals(answer("id", "-u"))) {
            return List.of();
        }
        String inside = answer("unshare", "-U", "id", "-u");
        if (inside.isEmpty() || "0".equals(inside)) {
            throw new LauncherException(
                    "PostgreSQL does not run as root and this system allows no user namespaces: run as another user");
        }
        return NAMESPACE;
    }

    private static String answer(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? output : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
