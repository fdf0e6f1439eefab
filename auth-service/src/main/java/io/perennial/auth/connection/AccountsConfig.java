package io.perennial.auth.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who may hold an account at the provider. Within a tenant it is always one connection. */
@ConfigMapping(prefix = "perennial.accounts")
public interface AccountsConfig {
    /**
     * What happens to a consent for an account that a connection of another tenant holds. An agency and the brand it
     * works for are two tenants with one account.
     */
    @WithDefault("allow")
    AcrossTenants acrossTenants();

    /** Answers to that question. */
    enum AcrossTenants {
        ALLOW,
        REFUSE
    }
}
