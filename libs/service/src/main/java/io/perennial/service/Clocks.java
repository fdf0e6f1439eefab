package io.perennial.service;

import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.clock.TimeOrderedIds;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the clocks and the mode available. */
@Singleton
class Clocks {
    private final Mode mode;
    private final ClockConfig config;

    Clocks(@ConfigProperty(name = "perennial.mode", defaultValue = "production") Mode mode, ClockConfig config) {
        this.mode = mode;
        this.config = config;
    }

    @Produces
    @Singleton
    Mode mode() {
        return mode;
    }

    @Produces
    @Singleton
    MachineClock machineClock() {
        return new MachineClock();
    }

    @Produces
    @Singleton
    DomainClock domainClock(MachineClock machine) {
        return mode == Mode.SANDBOX && config.offsetFile().isPresent()
                ? DomainClock.movable(machine, config.offsetFile().get())
                : DomainClock.immovable(machine);
    }

    @Produces
    @Singleton
    TimeOrderedIds timeOrderedIds(DomainClock clock) {
        return new TimeOrderedIds(clock);
    }
}
