package io.perennial.fetch.access;

import io.perennial.clock.DomainClock;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Gives access tokens, asking auth-service only for those it does not have. */
@ApplicationScoped
public class AccessTokens {
    // Amazon's own SDK drops a token this long before its end (LWAAccessTokenCacheImpl).
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private final Map<UUID, AccessAnswer.Granted> kept = new ConcurrentHashMap<>();
    private final AuthServiceClient auth;
    private final DomainClock clock;

    AccessTokens(AuthServiceClient auth, DomainClock clock) {
        this.auth = auth;
        this.clock = clock;
    }

    /** A token for calls in the name of the connection. */
    public Uni<AccessAnswer> of(UUID connection) {
        AccessAnswer.Granted known = kept.get(connection);
        if (known != null && clock.instant().plus(MARGIN).isBefore(known.expiresAt())) {
            return Uni.createFrom().item(known);
        }
        return auth.accessToken(connection).invoke(answer -> keep(connection, answer));
    }

    /** Forgets the token: Amazon refused it, or the connection has changed. */
    public void drop(UUID connection) {
        kept.remove(connection);
    }

    /** Asks for a verdict: does Amazon still honour the grant? The answer comes as an event. */
    public Uni<Void> probe(UUID connection) {
        drop(connection);
        return auth.probe(connection);
    }

    private void keep(UUID connection, AccessAnswer answer) {
        if (answer instanceof AccessAnswer.Granted granted) {
            kept.put(connection, granted);
        } else {
            kept.remove(connection);
        }
    }
}
