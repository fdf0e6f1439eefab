package io.perennial.sandbox.clock;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where the domain clock's offset is kept. */
@ConfigMapping(prefix = "perennial.clock")
public interface ClockConfig {

    /** File with one ISO-8601 duration, such as {@code PT8040H}; without it the offset lives in this process only. */
    Optional<Path> offsetFile();
}
