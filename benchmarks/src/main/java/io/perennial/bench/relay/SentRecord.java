package io.perennial.bench.relay;

import io.perennial.launcher.LauncherException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The limit: the same record, sent by an idempotent producer at the instant; no database, no transaction. */
final class SentRecord implements LatencyArm.Source {
    private final String topic;
    private final byte[] value;
    private final KafkaProducer<byte[], byte[]> producer;

    SentRecord(String topic, int bytes, String bootstrapServers) {
        this.topic = topic;
        this.value = "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
        this.producer = PollingRelay.plainProducer(bootstrapServers);
    }

    @Override
    public void send(int writer, long number) {
        byte[] key = ("key-" + number % OutboxRows.KEYS).getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, null, key, value);
        record.headers().add(BenchTopics.NUMBER, Long.toString(number).getBytes(StandardCharsets.UTF_8));
        Future<?> sent = producer.send(record);
        if (sent.isCancelled()) {
            throw new LauncherException("the producer takes nothing");
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
