package io.perennial.launcher.stack;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** One process as a person asks for it. */
public record PartStatus(
        String name,
        State state,
        int port,
        Optional<Long> pid,
        Optional<Instant> startedAt,
        long memoryBytes,
        Path log) {

    /** What a process may be found doing. */
    public enum State {
        READY,
        NOT_READY,
        STOPPED,
        CRASHED
    }
}
