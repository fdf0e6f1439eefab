package io.perennial.monitor.expiry;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** A loop that completes no cycle, not even a failed one, is dead: only a restart brings it back. */
@Liveness
@Singleton
class ExpiryLoopLiveness implements HealthCheck {
    /** Far above the longest pause plus any statement's time-out. */
    private static final Duration DEAD_AFTER = Duration.ofMinutes(2);

    private final ExpiryMetrics metrics;
    private final ExpiryConfig config;

    @Inject
    ExpiryLoopLiveness(ExpiryMetrics metrics, ExpiryConfig config) {
        this.metrics = metrics;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        boolean alive = !config.enabled() || metrics.sinceLastCycle().compareTo(DEAD_AFTER) < 0;
        return HealthCheckResponse.named("expiry-loop-alive").status(alive).build();
    }
}
