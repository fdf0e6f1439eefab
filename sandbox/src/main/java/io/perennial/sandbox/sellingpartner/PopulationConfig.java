package io.perennial.sandbox.sellingpartner;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The seeded population. */
@ConfigMapping(prefix = "perennial.sandbox.population")
public interface PopulationConfig {

    /** Decides seller ids, passwords and every order; the same seed always gives the same world. */
    @WithDefault("20260101")
    long seed();
}
