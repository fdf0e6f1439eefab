package io.perennial.auth.authorization;

import io.perennial.auth.connection.lifecycle.Consent;
import io.perennial.auth.connection.lifecycle.GrantLife;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a consent is worth by the way it came: how long it lasts, and who says whose it is. */
@ApplicationScoped
class ConsentTerms {
    private final GrantLife life;

    ConsentTerms(GrantLife life) {
        this.life = life;
    }

    Consent consent(
            Attempt attempt, String account, @Nullable String name, List<String> marketplaces, Instant grantedAt) {
        boolean pasted = attempt.way() == AuthorizationWay.SELF;
        Instant endsAt = life.end(attempt.provider(), pasted, grantedAt);
        boolean named = !pasted && attempt.way() != AuthorizationWay.IMPORT;
        return new Consent(attempt.generation() + 1, account, name, marketplaces, grantedAt, endsAt, named);
    }
}
