package io.perennial.inbox;

import io.perennial.contracts.EventEnvelope;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;

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
}
