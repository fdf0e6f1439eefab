package io.perennial.fetch.access;

import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Gives access tokens. They are kept for moments only: auth-service may stop their use at any time. */
@ApplicationScoped
public class AccessTokens {
    // Amazon's own SDK drops a token this long before its end (LWAAccessTokenCacheImpl).
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private final Map<UUID, Kept> kept = new ConcurrentHashMap<>();
    private final AuthServiceClient auth;
    private final AuthConfig config;
    private final DomainClock clock;
    private final MachineClock machine;

    AccessTokens(AuthServiceClient auth, AuthConfig config, DomainClock clock, MachineClock machine) {
        this.auth = auth;
        this.config = config;
        this.clock = clock;
        this.machine = machine;
    }

    private record Kept(AccessAnswer.Granted granted, Instant until) {}

    /** A token for calls in the name of the connection. */
    public Uni<AccessAnswer> of(UUID connection) {
        Kept known = kept.get(connection);
        if (known != null && isGood(known)) {
            return Uni.createFrom().item(known.granted());
        }
        return auth.accessToken(connection).invoke(answer -> keep(connection, answer));
    }

    private boolean isGood(Kept known) {
        return machine.instant().isBefore(known.until())
                && clock.instant().plus(MARGIN).isBefore(known.granted().expiresAt());
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
            kept.put(connection, new Kept(granted, machine.instant().plus(config.tokenKept())));
        } else {
            kept.remove(connection);
        }
    }
}
