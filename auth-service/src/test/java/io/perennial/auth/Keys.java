package io.perennial.auth;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** A directory for key-encryption keys, and a memory for few of the keys that they wrap. */
public class Keys implements QuarkusTestResourceLifecycleManager {
    /** After so many other tenants a tenant's key is unwrapped anew. */
    public static final int KEPT = 8;

    @Override
    public Map<String, String> start() {
        try {
            return Map.of(
                    "perennial.keys.directory",
                    Files.createTempDirectory("perennial-keys").toString(),
                    "perennial.keys.kept",
                    Integer.toString(KEPT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // The directory is temporary.
    }
}
