package io.perennial.auth.connection.lifecycle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Instant;

/** Rules about how long a consent lasts that providers changed once and may change again. */
@ConfigMapping(prefix = "perennial.grant-life")
public interface GrantLifeConfig {
    /**
     * Advertising consents given from this instant on end after a year; earlier ones have no fixed end. Amazon moved the
     * day once: notes before the change say 2026-06-30.
     */
    @WithDefault("2026-07-30T00:00:00Z")
    Instant advertisingEndsFrom();
}
