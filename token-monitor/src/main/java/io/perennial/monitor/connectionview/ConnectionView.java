package io.perennial.monitor.connectionview;

import io.perennial.contracts.EventEnvelope;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Folds batches of events into the projection: three statements a batch, however many events it has. */
@Singleton
class ConnectionView {
    private final WatchedConnections connections;

    @Inject
    ConnectionView(WatchedConnections connections) {
        this.connections = connections;
    }

    Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> events) {
        List<UUID> ids = events.stream()
                .map(ConnectionView::connection)
                .distinct()
                .sorted()
                .toList();
        return connections.lock(transaction, ids).chain(known -> connections.save(transaction, fold(known, events)));
    }

    private static List<WatchedConnection> fold(Map<UUID, WatchedConnection> known, List<EventEnvelope> events) {
        // In the order of the key: two batches with the same new connections must not insert them crosswise.
        Map<UUID, WatchedConnection> changed = new TreeMap<>();
        for (EventEnvelope event : events) {
            WatchedConnection before = changed.getOrDefault(connection(event), known.get(connection(event)));
            WatchedConnection after = WatchedConnection.after(before, event);
            if (after != null && !after.equals(before)) {
                changed.put(connection(event), after);
            }
        }
        return List.copyOf(changed.values());
    }

    private static UUID connection(EventEnvelope event) {
        return event.about().connectionId();
    }
}
