package io.perennial.launcher.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How to start one process.
 *
 * @param environment added to the environment of the launcher
 * @param log receives both output streams, appended
 * @param record where pid and start instant are written down
 */
public record ProcessSpec(
        String name, List<String> command, Path directory, Map<String, String> environment, Path log, Path record) {

    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
