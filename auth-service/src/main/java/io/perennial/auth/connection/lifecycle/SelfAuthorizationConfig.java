package io.perennial.auth.connection.lifecycle;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.Optional;

/** Rules for private applications that authorize themselves. */
@ConfigMapping(prefix = "perennial.self-authorization")
public interface SelfAuthorizationConfig {
    /** How long such a grant lasts. Amazon states no yearly rule for it, so that it has no end unless one is set. */
    Optional<Duration> life();
}
