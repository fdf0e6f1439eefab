package io.perennial.service;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the domain clock. */
@ConfigMapping(prefix = "perennial.clock")
interface ClockConfig {
    /** File that holds the clock's offset as an ISO-8601 duration. Sandbox only; a production start refuses it. */
    Optional<Path> offsetFile();
}
