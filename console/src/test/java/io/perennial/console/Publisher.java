package io.perennial.console;

import io.perennial.contracts.Event;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** Publishes events to the broker as the services do. */
public final class Publisher implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;

    public Publisher() {
        String servers = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all"), new StringSerializer(), new ByteArraySerializer());
    }

    public UUID publish(long sequence, Event event) {
        UUID id = UUID.randomUUID();
        publish(id, sequence, event);
        return id;
    }

    public void publish(UUID id, long sequence, Event event) {
        EventEnvelope envelope = new EventEnvelope(
                id, EventType.of(event), "/perennial/test", event.occurredAt(), sequence, null, event);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                envelope.type().topic(),
                envelope.key(),
                EventCodec.toJson(event).getBytes(StandardCharsets.UTF_8));
        EventCodec.headers(envelope)
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        send(record);
    }

    public void publishGarbage(String topic, UUID key) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, key.toString(), "{".getBytes(StandardCharsets.UTF_8));
        record.headers().add("ce_type", "io.perennial.TokenRenewed.v1".getBytes(StandardCharsets.UTF_8));
        send(record);
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker refused a record", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
