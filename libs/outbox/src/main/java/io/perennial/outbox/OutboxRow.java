package io.perennial.outbox;

import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A row that waits. */
record OutboxRow(
        long id,
        String topic,
        String key,
        UUID eventId,
        String eventType,
        String source,
        String subject,
        Instant time,
        long sequence,
        @Nullable String traceparent,
        @Nullable String data) {

    static final String COLUMNS =
            "id, topic, message_key, event_id, event_type, source, subject, event_time, sequence, traceparent, data";

    /** In the order of {@link #COLUMNS}: looking columns up by name costs more than reading them, and so does a wrapped row. */
    static OutboxRow of(Row row) {
        return new OutboxRow(
                row.getLong(0),
                row.getString(1),
                row.getString(2),
                row.getUUID(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getOffsetDateTime(7).toInstant(),
                row.getLong(8),
                row.getString(9),
                row.getString(10));
    }

    /** Whether this release knows what the row is; a newer one may know more. */
    boolean isKnown(Map<String, Rendering> renderings) {
        return renderings.containsKey(eventType) || EventHeaders.knows(eventType);
    }

    /**
     * The row with its event: itself, unless it holds bare values.
     *
     * @throws PoisonRowException if no event can be made of them
     */
    OutboxRow rendered(Map<String, Rendering> renderings) {
        Rendering rendering = renderings.get(eventType);
        if (rendering == null) {
            return this;
        }
        NewRow event = event(rendering);
        return new OutboxRow(
                id,
                event.topic(),
                key,
                eventId,
                event.eventType(),
                event.source(),
                event.subject(),
                event.time().toInstant(),
                event.sequence(),
                event.traceparent(),
                event.data());
    }

    private NewRow event(Rendering rendering) {
        String trace = EventIds.traceOf(
                eventId, traceparent == null || traceparent.isEmpty() ? EventIds.NOT_SAMPLED : traceparent);
        NewRow event;
        try {
            event = NewRow.of(rendering.render(new Rendering.Values(key, eventId, time, sequence, trace, data)));
        } catch (RuntimeException e) {
            // It knows nothing but the row, so it would fail again, and the rows behind would wait for good.
            throw new PoisonRowException("No event can be made of the row: " + e);
        }
        if (!event.key().equals(key) || !event.eventId().equals(eventId)) {
            throw new PoisonRowException("The row's event has another key or id");
        }
        return event;
    }

    /**
     * The row as a Kafka record.
     *
     * @throws PoisonRowException if no record can be made of it
     */
    ProducerRecord<byte[], byte[]> toRecord() {
        EventHeaders headers = EventHeaders.ofType(eventType)
                .orElseThrow(() -> new PoisonRowException("The event type is not in the contract"));
        return new ProducerRecord<>(topic, null, bytes(key), bytes(data), headers.of(this));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
