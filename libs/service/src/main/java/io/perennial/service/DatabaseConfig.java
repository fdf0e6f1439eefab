package io.perennial.service;

import io.quarkus.arc.Unremovable;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * Whom the database knows us as. Nobody asks it: it lets a start without one of them end with its name, where the database
 * would be asked for a minute first.
 */
@Unremovable
@ConfigMapping(prefix = "perennial.database")
interface DatabaseConfig {
    @WithDefault("${quarkus.datasource.username}")
    String username();

    @WithDefault("${quarkus.datasource.password}")
    String password();
}
