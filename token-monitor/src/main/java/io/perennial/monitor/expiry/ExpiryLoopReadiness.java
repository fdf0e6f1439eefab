package io.perennial.monitor.expiry;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the loop has reached the database; a full outbox is no reason to be out of service. */
@Readiness
@Singleton
class ExpiryLoopReadiness implements HealthCheck {
    private final ExpiryMetrics metrics;
    private final ExpiryConfig config;

    @Inject
    ExpiryLoopReadiness(ExpiryMetrics metrics, ExpiryConfig config) {
        this.metrics = metrics;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        CycleOutcome last = metrics.lastOutcome();
        boolean ready = !config.enabled() || (last != null && last != CycleOutcome.FAILED);
        return HealthCheckResponse.named("expiry-loop")
                .status(ready)
                .withData("lastCycle", last == null ? "NONE" : last.name())
                .build();
    }
}
