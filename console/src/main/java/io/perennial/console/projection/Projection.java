package io.perennial.console.projection;

import io.perennial.contracts.ConnectionState;
import io.perennial.contracts.EventEnvelope;
import io.perennial.inbox.BatchHandler;
import io.perennial.inbox.EventSanity;
import io.perennial.inbox.KnownTenants;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

    private static final String TENANTS =
            "select connection_id, tenant_id from connection where connection_id = any ($1)";

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        Uni<Void> written = checkTenants(transaction, fresh);
        for (BatchHandler table : TABLES) {
            written = written.chain(() -> table.apply(transaction, fresh));
        }
        return written;
    }

    private static Uni<Void> checkTenants(SqlConnection transaction, List<EventEnvelope> fresh) {
        return KnownTenants.of(transaction, TENANTS, fresh)
                .invoke(known -> fresh.forEach(event -> checkTenant(known, event)))
                .replaceWithVoid();
    }

    /** Only a state makes a connection known, as it does in the table; until then an event is taken at its word. */
    private static void checkTenant(Map<UUID, String> known, EventEnvelope event) {
        UUID connection = event.about().connectionId();
        if (event.data() instanceof ConnectionState state) {
            known.putIfAbsent(connection, state.about().tenantId());
        }
        EventSanity.requireTenant(
                event, known.getOrDefault(connection, event.about().tenantId()));
    }
}
