package io.perennial.inbox;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionState;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.TenantRef;
import io.perennial.contracts.TenantState;
import io.perennial.contracts.TokenExpired;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes events, and things that only look like events, by the plain client. */
final class Sender implements AutoCloseable {
    private static final Instant TIME = Instant.parse("2026-05-01T10:00:00Z");

    private final KafkaProducer<String, byte[]> producer;

    Sender(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new ByteArraySerializer());
    }

    static EventEnvelope expired(UUID connection, long sequence) {
        return envelope(new TokenExpired(about(connection), TIME), sequence);
    }

    static EventEnvelope state(UUID connection, long sequence) {
        return envelope(
                new ConnectionState(
                        about(connection),
                        ConnectionStatus.ACTIVE,
                        true,
                        "Shop",
                        List.of(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                sequence);
    }

    static EventEnvelope tenant(long sequence) {
        return envelope(new TenantState(new TenantRef("acme", TIME), null, null), sequence);
    }

    void send(EventEnvelope event) {
        sendTo(event.type().topic(), event);
    }

    void sendTo(String topic, EventEnvelope event) {
        send(topic, event.key(), EventCodec.headers(event), bytes(EventCodec.toJson(event.data())));
    }

    /** Whether the client and the broker took it. */
    boolean takes(String topic, String key, Map<String, String> headers, byte[] value) {
        try {
            producer.send(record(topic, key, headers, value)).get();
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void send(String topic, String key, Map<String, String> headers, byte @Nullable [] value) {
        producer.send(record(topic, key, headers, value));
    }

    private static ProducerRecord<String, byte[]> record(
            String topic, String key, Map<String, String> headers, byte @Nullable [] value) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
        headers.forEach((name, text) -> record.headers().add(name, bytes(text)));
        record.headers().add("x-noise", new byte[] {(byte) 0xff, 0, (byte) 0xfe});
        record.headers().add("x-null", null);
        return record;
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }

    private static EventEnvelope envelope(Event data, long sequence) {
        return new EventEnvelope(
                UUID.randomUUID(), EventType.of(data), "/perennial/auth-service", TIME, sequence, null, data);
    }

    private static ConnectionRef about(UUID connection) {
        return new ConnectionRef("acme", connection, "shop", Provider.AMAZON_SELLER, Region.EU, 1, TIME);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
