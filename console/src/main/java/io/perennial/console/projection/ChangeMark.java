package io.perennial.console.projection;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EventEnvelope;
import io.perennial.inbox.BatchHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Marks the connections of a batch with the transaction that changed them. Readers ask for the marks of transactions
 * that had not ended when they last looked: transactions end out of order, so no counter could be used for that.
 */
final class ChangeMark implements BatchHandler {
    private static final String UPSERT =
            """
            insert into connection_change (connection_id, tenant_id, changed_by)
            select id, tenant, pg_current_xact_id() from unnest($1::uuid[], $2::text[]) as e(id, tenant)
            on conflict (connection_id) do update set changed_by = excluded.changed_by
            """;

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        Map<UUID, ConnectionRef> changed = new TreeMap<>();
        for (EventEnvelope event : fresh) {
            changed.put(event.about().connectionId(), event.about());
        }
        return Columns.of(changed.values())
                .uuid(ConnectionRef::connectionId)
                .text(ConnectionRef::tenantId)
                .execute(transaction, UPSERT);
    }
}
