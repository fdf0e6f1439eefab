package io.perennial.auth.connection;

import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.outbox.Outbox;
import io.perennial.outbox.SessionOutbox;
import io.perennial.service.TraceContext;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Writes a connection's events into the outbox, numbered under the row lock that the session holds. */
@ApplicationScoped
class Announcements {
    private final Outbox outbox;
    private final SessionOutbox sessionOutbox;

    Announcements(Outbox outbox, SessionOutbox sessionOutbox) {
        this.outbox = outbox;
        this.sessionOutbox = sessionOutbox;
    }

    /** Publishes events that leave the connection as it is. */
    Uni<Void> publish(Mutiny.Session session, Connection connection, Event event) {
        return append(session, connection, List.of(event));
    }

    /** Publishes a change: its event, if it has one, and the state that it led to. */
    Uni<Void> publishChange(Mutiny.Session session, Connection connection, @Nullable Event event, Instant now) {
        List<Event> events = new ArrayList<>();
        if (event != null) {
            events.add(event);
        }
        events.add(connection.published(now));
        return append(session, connection, events);
    }

    private Uni<Void> append(Mutiny.Session session, Connection connection, List<Event> events) {
        String trace = TraceContext.current();
        List<EventEnvelope> envelopes = new ArrayList<>();
        for (Event event : events) {
            connection.sequence++;
            envelopes.add(outbox.envelope(event, connection.sequence, trace));
        }
        return sessionOutbox.append(session, envelopes);
    }
}
