package io.perennial.inbox;

import io.perennial.contracts.EventEnvelope;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Whose the connections are that events speak of, for {@link EventSanity#requireTenant}. */
public final class KnownTenants {
    private KnownTenants() {}

    /**
     * @param query selects id and tenant of the connections whose ids are {@code $1}
     * @return the tenant by connection, of those that are known; may be changed
     */
    public static Uni<Map<UUID, String>> of(SqlConnection transaction, String query, List<EventEnvelope> events) {
        UUID[] ids = events.stream()
                .map(event -> event.about().connectionId())
                .distinct()
                .toArray(UUID[]::new);
        return transaction
                .preparedQuery(query)
                .execute(Tuple.tuple().addValue(ids))
                .map(rows -> {
                    Map<UUID, String> tenants = new HashMap<>();
                    rows.forEach(row -> tenants.put(row.getUUID(0), row.getString(1)));
                    return tenants;
                });
    }
}
