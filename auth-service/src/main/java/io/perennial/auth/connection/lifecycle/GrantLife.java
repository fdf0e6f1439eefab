package io.perennial.auth.connection.lifecycle;

import io.perennial.contracts.Provider;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long a consent lasts by its provider's rule. */
@ApplicationScoped
public class GrantLife {
    private final GrantLifeConfig config;

    GrantLife(GrantLifeConfig config) {
        this.config = config;
    }

    /** Null if it has no fixed end. Using a grant never makes it last longer. */
    public @Nullable Duration of(Provider provider, Instant grantedAt) {
        return provider == Provider.AMAZON_ADS && grantedAt.isBefore(config.advertisingEndsFrom())
                ? null
                : Consent.LIFE;
    }
}
