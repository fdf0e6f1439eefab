package io.perennial.service;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;
import java.util.Set;

/** How much one request may bring. */
@ConfigMapping(prefix = "perennial.http")
interface BodyConfig {
    /** Largest body of a request. */
    @WithDefault("1M")
    MemorySize largestBody();

    /** Paths, exact, whose bodies are read as they arrive and have no such limit: their resource has one of its own. */
    Optional<Set<String>> streamedBodies();
}
