package io.perennial.outbox;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.contracts.EventEnvelope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The outbox for writers that keep their rows as Hibernate Reactive entities: the same promises as {@link Outbox}, in
 * the session's transaction. A session is flushed first, so that the aggregate's row is locked before the insert.
 */
@Singleton
public class SessionOutbox {
    // "returning" makes it a query: an update would log two warnings per call (Quarkus issue 52580).
    private static final String APPEND =
            """
            insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                traceparent, data)
            select topic, message_key, event_id, event_type, source, subject, event_time, sequence, traceparent, data
            from rows from (json_to_recordset(cast(cast(?1 as text) as json))
                            as (topic text, message_key text, event_id uuid, event_type text, source text,
                                subject text, event_time timestamptz, sequence bigint, traceparent text, data text))
                 with ordinality as e(topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                      traceparent, data, position)
            order by position
            returning id
            """;

    private static final JsonMapper JSON = new JsonMapper();

    /** Flushes the session, then writes events in the given order. The session must be in a transaction. */
    public Uni<Void> append(Mutiny.Session session, Collection<EventEnvelope> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return session.flush()
                .chain(() -> session.createNativeQuery(APPEND, Long.class)
                        .setParameter(1, json(events))
                        .getResultList())
                .replaceWithVoid();
    }

    /** Flushes the session, then writes one event. The session must be in a transaction. */
    public Uni<Void> append(Mutiny.Session session, EventEnvelope event) {
        return append(session, List.of(event));
    }

    /** Writes events in the given order. The session must be in a transaction. */
    public Uni<Void> append(Mutiny.StatelessSession session, Collection<EventEnvelope> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return session.createNativeQuery(APPEND, Long.class)
                .setParameter(1, json(events))
                .getResultList()
                .replaceWithVoid();
    }

    /** Writes one event. The session must be in a transaction. */
    public Uni<Void> append(Mutiny.StatelessSession session, EventEnvelope event) {
        return append(session, List.of(event));
    }

    private static String json(Collection<EventEnvelope> events) {
        ArrayNode rows = JSON.createArrayNode();
        events.stream().map(NewRow::of).forEach(row -> rows.add(json(row)));
        return rows.toString();
    }

    private static ObjectNode json(NewRow row) {
        return JSON.createObjectNode()
                .put("topic", row.topic())
                .put("message_key", row.key())
                .put("event_id", row.eventId().toString())
                .put("event_type", row.eventType())
                .put("source", row.source())
                .put("subject", row.subject())
                .put("event_time", row.time().toString())
                .put("sequence", row.sequence())
                .put("traceparent", row.traceparent())
                .put("data", row.data());
    }
}
