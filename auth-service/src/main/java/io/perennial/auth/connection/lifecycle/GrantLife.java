package io.perennial.auth.connection.lifecycle;

import io.perennial.contracts.Provider;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a grant ends: granted at -> ends at, by provider and kind of application. No other place knows. */
@ApplicationScoped
public class GrantLife {
    /** The provider's rule: a consent lasts 365 days of 24 hours, whatever the calendar says of them. */
    private static final Duration YEAR = Duration.ofDays(365);

    private final GrantLifeConfig config;
    private final SelfAuthorizationConfig selfAuthorization;

    GrantLife(GrantLifeConfig config, SelfAuthorizationConfig selfAuthorization) {
        this.config = config;
        this.selfAuthorization = selfAuthorization;
    }

    /**
     * Null if it has no fixed end. Using a grant never makes it last longer.
     *
     * @param privateApplication whether its owner authorized himself: the provider's rule does not say that this ends
     */
    public @Nullable Instant end(Provider provider, boolean privateApplication, Instant grantedAt) {
        if (privateApplication) {
            return selfAuthorization.life().map(grantedAt::plus).orElse(null);
        }
        return provider == Provider.AMAZON_ADS && grantedAt.isBefore(config.advertisingEndsFrom())
                ? null
                : yearAfter(grantedAt);
    }

    /** The end of a grant that has one, and that the provider has given again at some instant. */
    public static Instant yearAfter(Instant grantedAt) {
        return grantedAt.plus(YEAR);
    }
}
