package io.perennial.merchants.year;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Hears topics from their beginning on, read committed, without a group. Belongs to one thread. */
public final class Listener implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> lastRecords = new HashMap<>();

    private Listener(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        this.consumer = consumer;
        this.partitions = partitions;
    }

    public static Listener of(String bootstrapServers, String... topics) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(topics)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new Listener(consumer, partitions);
    }

    /** Gives what came since the last call, up to what the topics hold at this moment. */
    public void upToNow(Consumer<Told> each) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
            if (System.nanoTime() - deadline > 0) {
                throw new LauncherException("an open transaction keeps " + partitions + " from being read");
            }
            consumer.poll(POLL).forEach(record -> {
                lastRecords.put(new TopicPartition(record.topic(), record.partition()), record.offset());
                each.accept(told(record));
            });
        }
    }

    /** Where the last record stands that was heard of each partition. The end of a partition may lie behind it. */
    Map<TopicPartition, Long> lastRecords() {
        return Map.copyOf(lastRecords);
    }

    @Override
    public void close() {
        consumer.close();
    }

    private static Told told(ConsumerRecord<byte[], byte[]> record) {
        return new Told(
                record.topic(),
                header(record, "ce_id"),
                header(record, "ce_type").replaceFirst("^io\\.perennial\\.(\\w+)\\.v\\d+$", "$1"),
                header(record, "ce_subject"),
                data(record));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static JsonNode data(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            // poison is planted by tests, and nobody asks what it says
            return MissingNode.getInstance();
        }
    }
}
