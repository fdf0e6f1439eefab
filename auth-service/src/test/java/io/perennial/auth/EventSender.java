package io.perennial.auth;

import io.perennial.contracts.Event;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.testsupport.PerennialKafka;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes events as another service would. */
public final class EventSender {
    private EventSender() {}

    public static void send(Event event) {
        EventEnvelope envelope = new EventEnvelope(
                UUID.randomUUID(), EventType.of(event), "/perennial/test", event.occurredAt(), 1, null, event);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                envelope.type().topic(),
                envelope.key(),
                EventCodec.toJson(event).getBytes(StandardCharsets.UTF_8));
        EventCodec.headers(envelope)
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        Map<String, Object> settings =
                Map.of("bootstrap.servers", PerennialKafka.shared().bootstrapServers(), "acks", "all");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(record);
            producer.flush();
        }
    }
}
