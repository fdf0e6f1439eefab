package io.perennial.bench.relay;

import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.perennial.outbox.MeasuredRelay;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A limit: the same records from memory, in transactions of the relay's size and with its producer's settings, by one
 * producer, as {@code kafka-producer-perf-test} with transactions does it.
 */
final class RawProduce implements Arm {
    private static final int MOST_IN_MEMORY = 20_000;

    /** Beyond the numbers of the relay's groups. */
    private static final int PRODUCER = 99;

    private final OutboxRows rows;
    private final BenchTopics topics;
    private final int count;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private String topic = "";

    /**
     * @param rows an outbox that is full of them
     */
    RawProduce(OutboxRows rows, BenchTopics topics, int count) {
        this.rows = rows;
        this.topics = topics;
        this.count = count;
    }

    @Override
    public String name() {
        return "raw-produce";
    }

    @Override
    public List<Long> processes() {
        return List.of(ProcessHandle.current().pid());
    }

    @Override
    public void prepare(Duration length) {
        topic = topics.create();
        try (Connection connection = rows.connect();
                Statement read = connection.createStatement();
                ResultSet found = read.executeQuery(
                        PollingRelay.Columns.SELECT + " order by id limit " + Math.min(count, MOST_IN_MEMORY))) {
            while (found.next()) {
                ProducerRecord<byte[], byte[]> record = PollingRelay.Columns.record(found);
                records.add(new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers()));
            }
        } catch (SQLException e) {
            throw new LauncherException("records can not be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Work work(Duration length) {
        try (KafkaProducer<byte[], byte[]> producer = MeasuredRelay.producer(topics.bootstrapServers(), PRODUCER)) {
            long began = System.nanoTime();
            for (int sent = 0; sent < count; ) {
                List<Future<RecordMetadata>> results = new ArrayList<>();
                producer.beginTransaction();
                int end = Math.min(count, sent + MeasuredRelay.BATCH);
                while (sent < end) {
                    ProducerRecord<byte[], byte[]> record = records.get(sent++ % records.size());
                    // A record can be sent once: its headers are read-only from then on.
                    results.add(producer.send(
                            new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers())));
                }
                producer.commitTransaction();
            }
            return new Work(count, (System.nanoTime() - began) / 1e9);
        }
    }

    @Override
    public void conclude() {
        records.clear();
        topics.delete(topic);
    }
}
