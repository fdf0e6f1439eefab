package io.perennial.e2e;

import io.perennial.contracts.Event;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Records that no service wrote: late events and poison. */
final class Planted {
    private Planted() {}

    static void event(House house, Event data) {
        events(house, List.of(data));
    }

    static void events(House house, List<? extends Event> all) {
        send(
                house,
                all.stream()
                        .map(data -> record(EventType.of(data).topic(), data))
                        .toList());
    }

    /** An event that an older version of the consumer could not handle and put aside; today's can. */
    static void letter(House house, String consumer, Event data) {
        String topic = EventType.of(data).topic();
        ProducerRecord<String, byte[]> record = record(Topics.deadLetters(topic, consumer), data);
        Map.of(
                        "dead-letter-topic", topic,
                        "dead-letter-partition", "0",
                        "dead-letter-offset", "0",
                        "dead-letter-reason", "Refused by an older version")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        send(house, List.of(record));
    }

    private static ProducerRecord<String, byte[]> record(String topic, Event data) {
        EventEnvelope event = new EventEnvelope(
                UUID.randomUUID(), EventType.of(data), "/perennial/late", data.occurredAt(), 1, null, data);
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, event.key(), EventCodec.toJson(data).getBytes(StandardCharsets.UTF_8));
        EventCodec.headers(event)
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** A record that claims to be an event and can not be read. */
    static void poison(House house, String topic, EventType type) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, UUID.randomUUID().toString(), "{\"not\":".getBytes(StandardCharsets.UTF_8));
        record.headers().add(EventCodec.TYPE, type.type().getBytes(StandardCharsets.UTF_8));
        record.headers().add(EventCodec.ID, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        send(house, List.of(record));
    }

    private static void send(House house, List<ProducerRecord<String, byte[]>> records) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", house.stack().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("The broker refused a planted record", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }
}
