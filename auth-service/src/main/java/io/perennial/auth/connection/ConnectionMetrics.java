package io.perennial.auth.connection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.contracts.ConnectionStatus;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections stand in which state; counted now and then, because counting a million rows is not free. */
@ApplicationScoped
class ConnectionMetrics {
    private final ConnectionReader reader;
    private final Map<ConnectionStatus, Long> counts = new ConcurrentHashMap<>();

    ConnectionMetrics(ConnectionReader reader, MeterRegistry meters) {
        this.reader = reader;
        for (ConnectionStatus state : ConnectionStatus.values()) {
            Gauge.builder("perennial.connections", counts, all -> all.getOrDefault(state, 0L))
                    .tag("state", state.name())
                    .description("Connections by state")
                    .register(meters);
        }
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
