package io.perennial.auth.vault;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where the key-encryption keys are. */
@ConfigMapping(prefix = "perennial.keys")
public interface KeysConfig {
    /**
     * Directory with one file {@code <id>.key} per key-encryption key (32 random bytes, Base64). The key named in the file
     * {@code primary} wraps new keys; without that file it is the last by name. Production refuses to start without a
     * key; a sandbox makes one.
     */
    Optional<Path> directory();

    /** How often the directory is looked at again: a new primary is taken up while running. */
    @WithDefault("PT5S")
    Duration reload();

    /** How many tenants' keys stay unwrapped in memory, the latest used; an unwrapped key is about 1 KB. */
    @WithDefault("1000")
    int kept();
}
