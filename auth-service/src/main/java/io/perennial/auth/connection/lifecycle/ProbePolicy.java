package io.perennial.auth.connection.lifecycle;

import io.perennial.contracts.ConnectionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** When a connection is looked at next. Spreads by id, so that connections of one day do not stay in step. */
public final class ProbePolicy {
    /** Share of an interval over which connections are spread. */
    private static final int SPREAD = 8;

    private ProbePolicy() {}

    public static @Nullable Instant next(ProbingConfig config, ConnectionStatus state, UUID id, Instant now) {
        return switch (state) {
            case ACTIVE, OVERDUE -> spread(now, config.interval(), id);
            case SUSPECT -> now.plus(config.secondLook());
            case EXPIRED, REVOKED -> spread(now, config.deadInterval(), id);
            case PENDING, DISCONNECTED -> null;
        };
    }

    private static Instant spread(Instant now, Duration interval, UUID id) {
        long share = Math.floorMod(id.hashCode(), 1_000);
        Duration earlier = interval.dividedBy(SPREAD).multipliedBy(share).dividedBy(1_000);
        return now.plus(interval).minus(earlier);
    }
}
