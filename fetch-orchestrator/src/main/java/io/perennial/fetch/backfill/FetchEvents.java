package io.perennial.fetch.backfill;

import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.EventEnvelope;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.outbox.Outbox;
import io.perennial.service.TraceContext;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Writes events with the change they tell of. The rows of their connections must be locked: that gives the order. */
@ApplicationScoped
class FetchEvents {
    private final Outbox outbox;
    private final ConnectionViews views;

    FetchEvents(Outbox outbox, ConnectionViews views) {
        this.outbox = outbox;
        this.views = views;
    }

    /** Writes events about one connection. */
    Uni<Void> publish(SqlConnection tx, UUID connection, List<? extends ConnectionEvent> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return views.nextSequences(tx, List.of(connection), events.size())
                .chain(sequences -> outbox.append(tx, numbered(events, sequences)));
    }

    /** Writes one event about each of several connections. */
    Uni<Void> publishOneEach(SqlConnection tx, List<? extends ConnectionEvent> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<UUID> connections =
                events.stream().map(e -> e.about().connectionId()).toList();
        return views.nextSequences(tx, connections, 1).chain(last -> outbox.append(tx, numbered(events, last)));
    }

    private List<EventEnvelope> numbered(List<? extends ConnectionEvent> events, Map<UUID, Long> last) {
        Map<UUID, Long> left =
                events.stream().collect(Collectors.groupingBy(e -> e.about().connectionId(), Collectors.counting()));
        String trace = TraceContext.current();
        List<EventEnvelope> numbered = new ArrayList<>();
        for (ConnectionEvent event : events) {
            UUID connection = event.about().connectionId();
            long remaining = left.merge(connection, -1L, Long::sum);
            Long end = last.get(connection);
            if (end == null) {
                throw new IllegalStateException("Connection " + connection + " has no row; its events are not written");
            }
            numbered.add(outbox.envelope(event, end - remaining, trace));
        }
        return numbered;
    }
}
