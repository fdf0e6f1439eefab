package io.perennial.console.projection;

import io.perennial.contracts.EventEnvelope;
import io.perennial.inbox.BatchHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.util.List;

/** Writes a batch of events into the view: every table once, and last the mark that open pages look for. */
@Singleton
class Projection implements BatchHandler {
    private static final List<BatchHandler> TABLES = List.of(
            new StateProjection(),
            new TroubleProjection(),
            new HistoryProjection(),
            new FetchProjection(),
            new ReminderProjection(),
            new ChangeMark());

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        Uni<Void> written = Uni.createFrom().voidItem();
        for (BatchHandler table : TABLES) {
            written = written.chain(() -> table.apply(transaction, fresh));
        }
        return written;
    }
}
