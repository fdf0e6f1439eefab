package io.perennial.bench.relay;

import io.perennial.bench.lab.Lab;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.kafka.KafkaTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Topics of benchmarks, and what lies in them. */
final class BenchTopics {
    static final int PARTITIONS = 6;
    static final String SEQUENCE = "ce_sequence";
    static final String ID = "ce_id";

    /** Names each event of a latency arm; a header that a row has room for and nothing else reads. */
    static final String NUMBER = "ce_subject";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String bootstrapServers;
    private int created;

    BenchTopics(Lab lab) {
        this.bootstrapServers = lab.kafka().bootstrapServers();
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    String create() {
        created++;
        String topic = "bench-" + created;
        KafkaTopics.create(bootstrapServers, List.of(new KafkaTopics.Topic(topic, PARTITIONS, Map.of())));
        return topic;
    }

    void delete(String topic) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.deleteTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            throw new LauncherException("topic " + topic + " can not be deleted: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while deleting a topic", e);
        }
    }

    KafkaConsumer<byte[], byte[]> consumer(String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
        return consumer;
    }

    /** Fails unless a consumer sees so many events, those of each key in the order of their sequences. */
    void check(String topic, int count, String arm) {
        Map<String, Long> last = new HashMap<>();
        Set<String> ids = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ids.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (ids.add(header(record, ID))) {
                        long sequence = Long.parseLong(header(record, SEQUENCE));
                        Long before = last.put(new String(record.key(), StandardCharsets.UTF_8), sequence);
                        if (before != null && before >= sequence) {
                            throw new LauncherException(arm + " delivered " + sequence + " of a key after " + before);
                        }
                    }
                }
            }
        }
        if (ids.size() != count) {
            throw new LauncherException(arm + " delivered " + ids.size() + " of " + count + " events");
        }
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
