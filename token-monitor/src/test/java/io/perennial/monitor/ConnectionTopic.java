package io.perennial.monitor;

import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.PerennialKafka;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes what auth-service would write. */
public final class ConnectionTopic implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", PerennialKafka.shared().bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new ByteArraySerializer());

    public void tell(EventEnvelope... events) {
        for (EventEnvelope event : events) {
            send(
                    event.type().topic(),
                    event.key(),
                    EventCodec.headers(event),
                    EventCodec.toJson(event.data()).getBytes(StandardCharsets.UTF_8));
        }
        producer.flush();
    }

    public void send(String key, Map<String, String> headers, byte[] value) {
        send(Topics.CONNECTIONS, key, headers, value);
    }

    private void send(String topic, String key, Map<String, String> headers, byte[] value) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        producer.send(record);
    }

    @Override
    public void close() {
        producer.close();
    }
}
