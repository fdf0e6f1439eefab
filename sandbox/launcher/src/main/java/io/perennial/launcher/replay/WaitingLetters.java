package io.perennial.launcher.replay;

import io.perennial.launcher.LauncherException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The dead letters between the end of the last replay and the moment of opening. What comes later waits for the next
 * replay, so that a letter which is put aside again is not chased in a circle.
 */
final class WaitingLetters implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaConsumer<byte[], byte[]> reader;
    private final Map<TopicPartition, Long> ends;

    private WaitingLetters(KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> ends) {
        this.reader = reader;
        this.ends = ends;
    }

    static WaitingLetters open(Map<String, Object> broker, String group, List<String> topics) {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Also makes the reader wait for the commit of a replay that ends just now.
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> reader.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            reader.assign(partitions);
            return new WaitingLetters(reader, reader.endOffsets(partitions));
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** Some of them, in the order of their partitions; none when all were given. */
    List<ConsumerRecord<byte[], byte[]>> next() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            List<ConsumerRecord<byte[], byte[]>> letters = StreamSupport.stream(
                            reader.poll(POLL).spliterator(), false)
                    .filter(letter -> letter.offset() < ends.getOrDefault(partition(letter), 0L))
                    .toList();
            if (!letters.isEmpty()) {
                return letters;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new LauncherException("Kafka does not answer; what was replayed is noted, so replay again");
            }
        }
        return List.of();
    }

    /** Where the next replay begins once these letters are on their way. */
    static Map<TopicPartition, OffsetAndMetadata> after(List<ConsumerRecord<byte[], byte[]>> letters) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        letters.forEach(letter -> next.put(partition(letter), new OffsetAndMetadata(letter.offset() + 1)));
        return next;
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> letter) {
        return new TopicPartition(letter.topic(), letter.partition());
    }

    @Override
    public void close() {
        reader.close();
    }
}
