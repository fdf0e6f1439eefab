package io.perennial.clock;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;

/** The machine's own time: for leases, heartbeats and time-outs, never for anything a merchant sees. */
public final class MachineClock implements InstantSource {
    private final InstantSource source;

    public MachineClock() {
        this(Clock.systemUTC());
    }

    public MachineClock(InstantSource source) {
        this.source = source;
    }

    @Override
    public Instant instant() {
        return source.instant();
    }
}
