package io.perennial.notify;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.testsupport.PerennialKafka;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes events as the other services do. */
public final class EventSource implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", PerennialKafka.shared().bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new ByteArraySerializer());

    public static ConnectionRef about(UUID connection, int generation, Instant now) {
        return new ConnectionRef(
                "acme", connection, "ext-" + connection, Provider.AMAZON_SELLER, Region.EU, generation, now);
    }

    /** Publishes an event under a new id, and returns it. */
    public EventEnvelope publish(Event event) {
        EventEnvelope envelope = new EventEnvelope(
                UUID.randomUUID(), EventType.of(event), "/perennial/test", event.occurredAt(), 1, null, event);
        publish(envelope);
        return envelope;
    }

    /** Publishes an event again, under its own id. */
    public void publish(EventEnvelope event) {
        send(
                event.type().topic(),
                event.key(),
                EventCodec.headers(event),
                EventCodec.toJson(event.data()).getBytes(StandardCharsets.UTF_8));
    }

    public void send(String topic, String key, Map<String, String> headers, byte[] value) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        try {
            producer.send(record).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
