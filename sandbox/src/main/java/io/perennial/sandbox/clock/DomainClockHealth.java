package io.perennial.sandbox.clock;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Always up; its data tell whoever advanced the clock that this process has taken the new offset. */
@Readiness
class DomainClockHealth implements HealthCheck {

    private final SandboxClock clock;

    DomainClockHealth(SandboxClock clock) {
        this.clock = clock;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("domain-clock")
                .up()
                .withData("offset", clock.offset().toString())
                .build();
    }
}
