package io.perennial.service;

import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.clock.TimeOrderedIds;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the clocks and the mode available, and refuses a clock that could be moved in production. */
@Singleton
class Clocks {
    private final Mode mode;
    private final ClockConfig config;

    Clocks(@ConfigProperty(name = "perennial.mode", defaultValue = "production") Mode mode, ClockConfig config) {
        this.mode = mode;
        this.config = config;
    }

    void refuseMovableClockInProduction(@Observes StartupEvent event) {
        if (mode == Mode.PRODUCTION && config.offsetFile().isPresent()) {
            throw new IllegalStateException("perennial.clock.offset-file is set, but perennial.mode is production:"
                    + " a production clock can not be moved. Remove the setting.");
        }
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
