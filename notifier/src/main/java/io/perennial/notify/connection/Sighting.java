package io.perennial.notify.connection;

import io.perennial.contracts.ConnectionRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one batch of events says about a connection: its highest generation, and whether it was given up.
 *
 * @param reinstatedAt when it was last told to work again; null if it was not
 */
public record Sighting(ConnectionRef about, boolean disconnected, @Nullable Instant reinstatedAt) {
    /** Both sightings in one. */
    public Sighting and(Sighting other) {
        return new Sighting(
                other.about.generation() >= about.generation() ? other.about : about,
                disconnected || other.disconnected,
                later(reinstatedAt, other.reinstatedAt));
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }
}
