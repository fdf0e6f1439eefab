package io.perennial.auth.token;

import io.perennial.auth.token.amazon.LwaConfig;
import io.perennial.auth.token.amazon.TokenAnswer;
import io.perennial.auth.token.amazon.TokenAnswer.Fault;
import io.perennial.auth.token.amazon.TokenAnswer.PlatformFault;
import io.perennial.clock.MachineClock;
import io.perennial.contracts.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stops asking the provider for an application and region when faults that are not the merchants' come in a row.
 *
 * <p>While it is open nothing is asked, so nobody's state can change. After a pause one question goes through; its answer
 * decides.
 */
@ApplicationScoped
public class Breaker {
    private final Map<Key, State> states = new ConcurrentHashMap<>();
    private final MachineClock clock;
    private final LwaConfig config;

    Breaker(MachineClock clock, LwaConfig config) {
        this.clock = clock;
        this.config = config;
    }

    private record Key(UUID app, Region region) {}

    /** Faults in a row, and until when nothing goes through. */
    private record State(int faults, Instant openUntil) {
        static final State CLOSED = new State(0, Instant.EPOCH);
    }

    /** Whether nothing points to a fault of the provider or the platform. */
    public boolean closed(UUID app, Region region) {
        return state(new Key(app, region)).faults() < config.breakerThreshold();
    }

    /** Whether a question may be asked now; of an open breaker one caller gets through per pause. */
    boolean admits(UUID app, Region region) {
        Key key = new Key(app, region);
        if (state(key).faults() < config.breakerThreshold()) {
            return true;
        }
        Instant now = clock.instant();
        State before = state(key);
        return !now.isBefore(before.openUntil())
                && states.replace(key, before, new State(before.faults(), now.plus(config.breakerPause())));
    }

    /** Counts an answer. */
    void count(UUID app, Region region, TokenAnswer answer) {
        Key key = new Key(app, region);
        if (!(answer instanceof PlatformFault fault)) {
            states.put(key, State.CLOSED);
        } else if (fault.fault() != Fault.BREAKER_OPEN && fault.fault() != Fault.REQUEST_REFUSED) {
            Instant until = clock.instant().plus(config.breakerPause());
            states.merge(key, new State(1, until), (old, added) -> new State(old.faults() + 1, until));
        }
    }

    private State state(Key key) {
        return states.getOrDefault(key, State.CLOSED);
    }
}
