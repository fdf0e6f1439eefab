package io.perennial.auth.connection;

import io.perennial.contracts.EventEnvelope;
import io.perennial.inbox.EventSanity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Whether what others tell of connections is told of the tenants whose they are. */
@ApplicationScoped
public class ToldTenants {
    private static final String TENANTS = "select id, tenant_id from connection where id = any ($1)";

    /** Poison is the first event that speaks of a connection as another tenant's; of unknown connections nothing is known. */
    public Uni<Void> check(SqlConnection transaction, List<EventEnvelope> events) {
        UUID[] ids = events.stream()
                .map(event -> event.about().connectionId())
                .distinct()
                .toArray(UUID[]::new);
        return transaction
                .preparedQuery(TENANTS)
                .execute(Tuple.tuple().addValue(ids))
                .invoke(rows -> {
                    Map<UUID, String> known = new HashMap<>();
                    rows.forEach(row -> known.put(row.getUUID(0), row.getString(1)));
                    events.forEach(event -> EventSanity.requireTenant(
                            event,
                            known.getOrDefault(
                                    event.about().connectionId(), event.about().tenantId())));
                })
                .replaceWithVoid();
    }
}
