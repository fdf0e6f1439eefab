package io.perennial.auth.connection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many connections stand in which state, counted now and then, because counting a million rows is not free; and how late
 * probing is.
 */
@ApplicationScoped
class ConnectionMetrics {
    private final ConnectionReader reader;
    private final DomainClock clock;
    private final Map<ConnectionStatus, Long> counts = new ConcurrentHashMap<>();
    private volatile @Nullable Instant oldestDueProbe;

    ConnectionMetrics(ConnectionReader reader, DomainClock clock, MeterRegistry meters) {
        this.reader = reader;
        this.clock = clock;
        Gauge.builder("perennial.probes.oldest.due.seconds", this, ConnectionMetrics::probesWait)
                .description("How long the probe that waits longest has been due, on the domain clock")
                .register(meters);
        for (ConnectionStatus state : ConnectionStatus.values()) {
            Gauge.builder("perennial.connections", counts, all -> all.getOrDefault(state, 0L))
                    .tag("state", state.name())
                    .description("Connections by state")
                    .register(meters);
        }
    }

    @Scheduled(every = "10s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> lookAtProbes() {
        return reader.oldestDueProbe()
                .invoke(oldest -> oldestDueProbe = oldest)
                .onFailure()
                // the time goes on from what was known, so that a database that is gone shows as well
                .recoverWithNull()
                .replaceWithVoid();
    }

    private double probesWait() {
        Instant oldest = oldestDueProbe;
        return oldest == null
                ? 0
                : Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1000.0);
    }

    @Scheduled(every = "60s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> count() {
        return reader.countByState()
                .invoke(fresh -> {
                    counts.clear();
                    counts.putAll(fresh);
                })
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }
}
