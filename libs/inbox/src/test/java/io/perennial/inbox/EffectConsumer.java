package io.perennial.inbox;

import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.Topics;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** A consumer as a service has it: one row for each event. Tests tell it when to fail. */
@Singleton
class EffectConsumer {
    private static final String INSERT =
            """
            insert into effect (event_id, connection_id, sequence)
            select * from unnest($1::uuid[], $2::uuid[], $3::bigint[])
            """;

    final AtomicInteger failures = new AtomicInteger();
    final Set<UUID> poison = ConcurrentHashMap.newKeySet();
    final AtomicInteger entered = new AtomicInteger();
    volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

    private final Inbox inbox;

    EffectConsumer(Inbox inbox) {
        this.inbox = inbox;
    }

    @Incoming("connections")
    Uni<Void> connections(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle("token-monitor", batch, this::apply);
    }

    @Incoming("connection-state")
    Uni<Void> states(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle("console", batch, this::apply);
    }

    @Incoming("idle")
    Uni<Void> idle(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle("notifier", batch, this::apply);
    }

    @Incoming("replay")
    Uni<Void> replay(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle("token-monitor", batch, BatchHandler.byTopic(Map.of(Topics.CONNECTIONS, this::apply)));
    }

    private Uni<Void> apply(SqlConnection tx, List<EventEnvelope> fresh) {
        entered.incrementAndGet();
        return insert(tx, fresh)
                .chain(() -> Uni.createFrom().completionStage(gate))
                .chain(() -> verdict(fresh));
    }

    private Uni<Void> verdict(List<EventEnvelope> fresh) {
        for (EventEnvelope event : fresh) {
            if (poison.contains(event.id())) {
                return Uni.createFrom().failure(new PoisonEventException(event.id(), "Not for this world"));
            }
        }
        return failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0
                ? Uni.createFrom().failure(new IllegalStateException("Not now"))
                : Uni.createFrom().voidItem();
    }

    private static Uni<Void> insert(SqlConnection tx, List<EventEnvelope> events) {
        UUID[] ids = events.stream().map(EventEnvelope::id).toArray(UUID[]::new);
        UUID[] connections =
                events.stream().map(event -> event.about().connectionId()).toArray(UUID[]::new);
        Long[] sequences = events.stream().map(EventEnvelope::sequence).toArray(Long[]::new);
        return tx.preparedQuery(INSERT)
                .execute(Tuple.of(ids, connections, sequences))
                .replaceWithVoid();
    }
}
