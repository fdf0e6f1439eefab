package io.perennial.notify.connection;

import io.perennial.contracts.ConnectionRef;

/** What one batch of events says about a connection: its highest generation, and whether it was given up. */
public record Sighting(ConnectionRef about, boolean disconnected) {
    /** Both sightings in one. */
    public Sighting and(Sighting other) {
        return new Sighting(
                other.about.generation() >= about.generation() ? other.about : about,
                disconnected || other.disconnected);
    }
}
