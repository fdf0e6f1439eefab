package io.perennial.testsupport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What stands on topics, read committed, by the plain client and without a group. One reader belongs to one thread.
 * It keeps all it has read, so a question may be asked after the event came.
 */
public final class Events implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<ReceivedEvent> received = new ArrayList<>();

    private Events(String bootstrapServers, Collection<String> topics) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        partitions = topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic, PATIENCE).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
    }

    /** Everything that the topics still hold, and what comes. */
    public static Events ofAllTime(String bootstrapServers, String... topics) {
        Events events = new Events(bootstrapServers, List.of(topics));
        events.consumer.seekToBeginning(events.partitions);
        return events;
    }

    /** What comes from this call on. */
    public static Events fromNow(String bootstrapServers, String... topics) {
        Events events = new Events(bootstrapServers, List.of(topics));
        events.consumer.seekToEnd(events.partitions);
        // seeking is lazy: asking for the position makes "now" the moment of this call
        events.partitions.forEach(partition -> events.consumer.position(partition, PATIENCE));
        return events;
    }

    /** Waits for the first event of that type about that connection. */
    public ReceivedEvent await(String type, String connectionId) {
        return await(
                type + " about " + connectionId,
                event -> event.type().equals(type) && event.connectionId().equals(connectionId));
    }

    /** Waits for the first event of that type about that connection and generation. */
    public ReceivedEvent await(String type, String connectionId, int generation) {
        return await(
                type + " about generation " + generation + " of " + connectionId,
                event -> event.type().equals(type)
                        && event.connectionId().equals(connectionId)
                        && event.data().path("generation").asInt() == generation);
    }

    public ReceivedEvent await(String description, Predicate<ReceivedEvent> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int looked = 0;
        while (true) {
            for (; looked < received.size(); looked++) {
                if (wanted.test(received.get(looked))) {
                    return received.get(looked);
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "no " + description + " within " + PATIENCE.toSeconds() + " s, but " + received);
            }
            poll();
        }
    }

    /** Waits until that many events match, and returns them in the order of their partitions. */
    public List<ReceivedEvent> awaitCount(int count, String description, Predicate<ReceivedEvent> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<ReceivedEvent> matching = received.stream().filter(wanted).toList();
            if (matching.size() >= count) {
                return matching;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "only " + matching.size() + " of " + count + " " + description + ": " + matching);
            }
            poll();
        }
    }

    /** All events up to what the topics hold at this moment, for statements about absence. */
    public List<ReceivedEvent> upToNow() {
        readUpToNow(() -> {});
        return List.copyOf(received);
    }

    /** Hands over what came since the last call, up to what the topics hold at this moment, and keeps none of it. */
    public void drainUpToNow(Consumer<ReceivedEvent> reader) {
        readUpToNow(() -> {
            received.forEach(reader);
            received.clear();
        });
    }

    private void readUpToNow(Runnable afterEachPoll) {
        afterEachPoll.run();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (partitions.stream().anyMatch(one -> consumer.position(one, PATIENCE) < ends.getOrDefault(one, 0L))) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("an open transaction keeps " + partitions + " from being read");
            }
            poll();
            afterEachPoll.run();
        }
    }

    /** What was read so far. */
    public List<ReceivedEvent> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void poll() {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> received.add(ReceivedEvent.of(record)));
    }
}
