package io.perennial.service;

import io.perennial.clock.DomainClock;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Shows the clock's offset, so that whoever moves the clock can wait until every process has taken it. */
@Readiness
@Singleton
class DomainClockCheck implements HealthCheck {
    private final DomainClock clock;

    DomainClockCheck(DomainClock clock) {
        this.clock = clock;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("domain-clock")
                .withData("offset", clock.offset().toString())
                .up()
                .build();
    }
}
