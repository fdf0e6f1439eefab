package io.perennial.inbox;

import io.perennial.contracts.EventEnvelope;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Handles batches of Kafka records so that each event has one effect.
 *
 * <ul>
 *   <li>The handler's changes and the inbox rows commit together; offsets are acknowledged after the commit.
 *   <li>Events handled before, event types unknown to this version and tombstones are skipped silently.
 *   <li>A record that can not be read, and an event that the handler declares poison, goes to the dead-letter topic of
 *       the channel and leaves no inbox row; the rest of the batch goes on.
 *   <li>Any other failure is retried in place with growing pauses until it succeeds or the process stops.
 *   <li>While the process stops, records are neither acknowledged nor refused: another consumer gets them.
 * </ul>
 */
@Singleton
public class Inbox {
    private static final String CLAIM =
            """
            insert into inbox (consumer, event_id)
            select $1, event_id from unnest($2::uuid[]) as e(event_id)
            on conflict do nothing
            returning event_id
            """;

    private final Pool pool;
    private final InFlight inFlight;
    private final RetryPolicy retries;
    private final InboxMetrics metrics;

    @Inject
    Inbox(Pool pool, InFlight inFlight, RetryPolicy retries, InboxMetrics metrics) {
        this.pool = pool;
        this.inFlight = inFlight;
        this.retries = retries;
        this.metrics = metrics;
    }

    /**
     * Handles a batch and acknowledges its records.
     *
     * @param consumer name of the consumer, normally the service; the inbox remembers events per consumer
     * @return completes when the records are acknowledged; never while the process stops
     */
    public Uni<Void> handle(String consumer, KafkaRecordBatch<String, byte[]> batch, BatchHandler handler) {
        return inFlight.track(() -> {
            DecodedBatch decoded = DecodedBatch.of(batch);
            Runnable ended = metrics.begun(consumer);
            return retries.untilHandled(consumer, decoded.places(), () -> attempt(consumer, decoded, handler))
                    .chain(() -> decoded.acknowledge(consumer, metrics))
                    .onTermination()
                    .invoke(ended);
        });
    }

    private Uni<Void> attempt(String consumer, DecodedBatch batch, BatchHandler handler) {
        List<EventEnvelope> events = batch.events();
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return pool.withTransaction(transaction -> handle(consumer, transaction, events, handler))
                .invoke(fresh -> metrics.handled(consumer, fresh, events.size() - fresh + batch.repeated()))
                .replaceWithVoid()
                .onFailure(PoisonEventException.class)
                .recoverWithUni(poison -> withoutPoison(consumer, batch, handler, (PoisonEventException) poison));
    }

    private Uni<Void> withoutPoison(
            String consumer, DecodedBatch batch, BatchHandler handler, PoisonEventException poison) {
        return batch.remove(poison)
                ? attempt(consumer, batch, handler)
                : Uni.createFrom().failure(poison);
    }

    private Uni<Integer> handle(
            String consumer, SqlConnection transaction, List<EventEnvelope> events, BatchHandler handler) {
        return claim(consumer, transaction, events)
                .map(claimed ->
                        events.stream().filter(e -> claimed.contains(e.id())).toList())
                .chain(fresh -> fresh.isEmpty()
                        ? Uni.createFrom().item(0)
                        : handler.apply(transaction, fresh).replaceWith(fresh.size()));
    }

    private Uni<Set<UUID>> claim(String consumer, SqlConnection transaction, Collection<EventEnvelope> events) {
        // Sorted, so that two consumers with overlapping batches (a rebalance) can not deadlock.
        UUID[] ids = events.stream().map(EventEnvelope::id).sorted().toArray(UUID[]::new);
        return transaction.preparedQuery(CLAIM).execute(Tuple.of(consumer, ids)).map(rows -> {
            Set<UUID> claimed = new HashSet<>();
            for (Row row : rows) {
                claimed.add(row.getUUID(0));
            }
            return claimed;
        });
    }
}
