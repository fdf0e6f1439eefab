package io.perennial.outbox;

import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventType;
import io.vertx.mutiny.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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

    static OutboxRow of(Row row) {
        return new OutboxRow(
                row.getLong("id"),
                row.getString("topic"),
                row.getString("message_key"),
                row.getUUID("event_id"),
                row.getString("event_type"),
                row.getString("source"),
                row.getString("subject"),
                row.getOffsetDateTime("event_time").toInstant(),
                row.getLong("sequence"),
                row.getString("traceparent"),
                row.getString("data"));
    }

    /**
     * The row as a Kafka record.
     *
     * @throws PoisonRowException if no record can be made of it
     */
    ProducerRecord<byte[], byte[]> toRecord() {
        EventType type = EventType.ofType(eventType)
                .orElseThrow(() -> new PoisonRowException("The event type is not in the contract"));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, null, bytes(key), bytes(data));
        EventCodec.headers(eventId, type, source, subject, time, sequence, traceparent)
                .forEach((name, value) -> record.headers().add(name, bytes(value)));
        return record;
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
