package io.perennial.launcher.stack;

import io.perennial.launcher.LauncherException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a stack lives.
 *
 * @param root the checkout that holds the built services
 * @param home the data directory
 */
public record Place(Path root, Path home, Ports ports) {

    /** What the environment asks for: {@code PERENNIAL_HOME}, {@code PERENNIAL_PORT_OFFSET}. */
    public static Place of(Path root, Map<String, String> environment) {
        String home = environment.getOrDefault("PERENNIAL_HOME", "");
        return new Place(
                root, home.isBlank() ? root.resolve(".perennial") : Path.of(home), new Ports(offset(environment)));
    }

    /** A place of its own beside this one: what runs and lies here is not touched by what happens there. */
    public Place beside(String name, int portsApart) {
        return new Place(root, home.resolve(name), new Ports(ports.offset() + portsApart));
    }

    public Stack stack() {
        return Stack.of(root, home, ports);
    }

    private static int offset(Map<String, String> environment) {
        String text = environment.getOrDefault("PERENNIAL_PORT_OFFSET", "").strip();
        try {
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new LauncherException("PERENNIAL_PORT_OFFSET is '" + text + "'; it must be a whole number", e);
        }
    }
}
