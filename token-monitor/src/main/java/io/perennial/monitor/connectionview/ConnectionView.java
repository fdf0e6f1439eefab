package io.perennial.monitor.connectionview;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.EventEnvelope;
import io.perennial.inbox.EventSanity;
import io.perennial.monitor.plan.TenantPlans;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Folds batches of events into the projection: four statements a batch, however many events it has. */
@Singleton
class ConnectionView {
    private final WatchedConnections connections;
    private final TenantPlans plans;
    private final DomainClock clock;

    /** What an event makes of what was known. */
    private interface Telling {
        @Nullable
        WatchedConnection after(@Nullable WatchedConnection known, EventEnvelope event);
    }

    @Inject
    ConnectionView(WatchedConnections connections, TenantPlans plans, DomainClock clock) {
        this.connections = connections;
        this.plans = plans;
        this.clock = clock;
    }

    Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> events) {
        List<UUID> ids = events.stream()
                .map(ConnectionView::connection)
                .distinct()
                .sorted()
                .toList();
        return connections
                .lock(transaction, ids)
                .map(known -> fold(known, events))
                .chain(changed -> plans.chosen(transaction, tenants(changed))
                        .chain(chosen -> connections.save(transaction, changed, chosen)));
    }

    /** Takes over how auth-service says that connections are now, where nothing newer is known. */
    Uni<Void> restate(SqlConnection transaction, List<EventEnvelope> states) {
        Instant now = clock.instant();
        List<UUID> ids = states.stream()
                .map(ConnectionView::connection)
                .distinct()
                .sorted()
                .toList();
        Set<String> tenants =
                states.stream().map(state -> state.about().tenantId()).collect(Collectors.toSet());
        return connections.lock(transaction, ids).chain(known -> plans.chosen(transaction, tenants)
                .chain(chosen -> connections.save(
                        transaction,
                        changed(
                                known,
                                states,
                                (before, state) -> WatchedConnection.restated(
                                        ofItsTenant(before, state),
                                        state,
                                        chosen.of(state.about().tenantId()),
                                        now)),
                        chosen)));
    }

    /** Whose a connection is its owner knows: a row that stands with another tenant is a fault that a rebuild mends. */
    private static @Nullable WatchedConnection ofItsTenant(@Nullable WatchedConnection known, EventEnvelope state) {
        return known != null && known.about().tenantId().equals(state.about().tenantId()) ? known : null;
    }

    private static List<WatchedConnection> fold(Map<UUID, WatchedConnection> known, List<EventEnvelope> events) {
        return changed(known, events, (before, event) -> {
            if (before != null) {
                EventSanity.requireTenant(event, before.about().tenantId());
            }
            return WatchedConnection.after(before, event);
        });
    }

    private static List<WatchedConnection> changed(
            Map<UUID, WatchedConnection> known, List<EventEnvelope> events, Telling telling) {
        // In the order of the key: two batches with the same new connections must not insert them crosswise.
        Map<UUID, WatchedConnection> changed = new TreeMap<>();
        for (EventEnvelope event : events) {
            WatchedConnection before = changed.getOrDefault(connection(event), known.get(connection(event)));
            WatchedConnection after = telling.after(before, event);
            if (after != null && !after.equals(before)) {
                changed.put(connection(event), after);
            }
        }
        return List.copyOf(changed.values());
    }

    private static Set<String> tenants(List<WatchedConnection> connections) {
        return connections.stream()
                .map(connection -> connection.about().tenantId())
                .collect(Collectors.toSet());
    }

    private static UUID connection(EventEnvelope event) {
        return event.about().connectionId();
    }
}
