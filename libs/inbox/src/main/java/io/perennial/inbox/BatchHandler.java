package io.perennial.inbox;

import io.perennial.contracts.EventEnvelope;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;

/**
 * What a consumer does with events.
 *
 * <p>Everything happens in the given transaction; nothing outside the database may be called from here, because the
 * whole batch is repeated when the transaction fails. A failure with {@link PoisonEventException} takes that one event
 * out and repeats the rest; any other failure repeats the batch until it succeeds.
 */
@FunctionalInterface
public interface BatchHandler {
    /**
     * Handles events that this consumer has not handled before.
     *
     * @param transaction commits together with the inbox rows
     * @param fresh at least one event, in the order of their partitions
     */
    Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh);

    /**
     * Hands each event to the handler of the topic that it was published on, for a channel with events of many topics.
     * An event of any other topic is skipped.
     */
    static BatchHandler byTopic(Map<String, BatchHandler> handlers) {
        return (transaction, fresh) -> {
            Uni<Void> handled = Uni.createFrom().voidItem();
            for (Map.Entry<String, BatchHandler> handler : handlers.entrySet()) {
                List<EventEnvelope> own = fresh.stream()
                        .filter(event -> event.type().topic().equals(handler.getKey()))
                        .toList();
                if (!own.isEmpty()) {
                    handled = handled.chain(() -> handler.getValue().apply(transaction, own));
                }
            }
            return handled;
        };
    }
}
