package io.perennial.auth.connection;

import io.perennial.contracts.EventEnvelope;
import io.perennial.inbox.EventSanity;
import io.perennial.inbox.KnownTenants;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Whether what others tell of connections is told of the tenants whose they are. */
@ApplicationScoped
public class ToldTenants {
    private static final String TENANTS = "select id, tenant_id from connection where id = any ($1)";

    /** Poison is the first event that speaks of a connection as another tenant's; of unknown connections nothing is known. */
    public Uni<Void> check(SqlConnection transaction, List<EventEnvelope> events) {
        return KnownTenants.of(transaction, TENANTS, events)
                .invoke(known -> events.forEach(event -> EventSanity.requireTenant(
                        event,
                        known.getOrDefault(
                                event.about().connectionId(), event.about().tenantId()))))
                .replaceWithVoid();
    }
}
