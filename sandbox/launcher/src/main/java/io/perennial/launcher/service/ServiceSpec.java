package io.perennial.launcher.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One packaged service.
 *
 * @param directory what the build left: holds {@code quarkus-run.jar} and takes the class-data archive
 * @param port where it answers {@code /q/health/ready}
 * @param environment its whole configuration; may hold passwords, so it is never printed
 */
public record ServiceSpec(
        String name,
        Path directory,
        int port,
        List<String> jvmOptions,
        Map<String, String> environment,
        Path log,
        Path record) {

    public ServiceSpec {
        jvmOptions = List.copyOf(jvmOptions);
        environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
        return "ServiceSpec[" + name + " at port " + port + "]";
    }
}
