package io.perennial.fetch.access;

import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Gives access tokens. They are kept for moments only: auth-service may stop their use at any time. */
@ApplicationScoped
public class AccessTokens {
    // Amazon's own SDK drops a token this long before its end (LWAAccessTokenCacheImpl).
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private final KeptTokens kept;
    private final AuthServiceClient auth;
    private final DomainClock clock;
    private final MachineClock machine;

    AccessTokens(AuthServiceClient auth, AuthConfig config, DomainClock clock, MachineClock machine) {
        this.kept = new KeptTokens(config.tokenKept());
        this.auth = auth;
        this.clock = clock;
        this.machine = machine;
    }

    /** A token for calls in the name of the connection. */
    public Uni<AccessAnswer> of(UUID connection) {
        Optional<AccessAnswer.Granted> known = kept.find(connection, machine.instant())
                .filter(granted -> clock.instant().plus(MARGIN).isBefore(granted.expiresAt()));
        return known.isPresent()
                ? Uni.createFrom().item(known.get())
                : auth.accessToken(connection).invoke(answer -> keep(connection, answer));
    }

    /** Forgets the token: Amazon refused it, or the connection has changed. */
    public void drop(UUID connection) {
        kept.drop(connection);
    }

    /**
     * Asks for a verdict: does Amazon still honour the grant? True if it just has. Anything else comes as an event, as soon as it
     * is certain.
     */
    public Uni<Boolean> probe(UUID connection) {
        drop(connection);
        return auth.probe(connection);
    }

    private void keep(UUID connection, AccessAnswer answer) {
        if (answer instanceof AccessAnswer.Granted granted) {
            kept.keep(connection, granted, machine.instant());
        } else {
            kept.drop(connection);
        }
    }
}
