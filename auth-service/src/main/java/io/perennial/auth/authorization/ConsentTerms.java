package io.perennial.auth.authorization;

import io.perennial.auth.connection.lifecycle.Consent;
import io.perennial.auth.connection.lifecycle.GrantLife;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a consent is worth by the way it came: how long it lasts, and who says whose it is. */
@ApplicationScoped
class ConsentTerms {
    private final SelfAuthorizationConfig selfAuthorization;
    private final GrantLife life;

    ConsentTerms(SelfAuthorizationConfig selfAuthorization, GrantLife life) {
        this.selfAuthorization = selfAuthorization;
        this.life = life;
    }

    Consent consent(
            Attempt attempt, String account, @Nullable String name, List<String> marketplaces, Instant grantedAt) {
        boolean pasted = attempt.way() == AuthorizationWay.SELF;
        @Nullable
        Duration lasts = pasted ? selfAuthorization.life().orElse(null) : life.of(attempt.provider(), grantedAt);
        boolean named = !pasted && attempt.way() != AuthorizationWay.IMPORT;
        return new Consent(attempt.generation() + 1, account, name, marketplaces, grantedAt, lasts, named);
    }
}
