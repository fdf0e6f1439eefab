package io.perennial.launcher.replay;

import io.perennial.contracts.Topics;
import io.perennial.launcher.LauncherException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Hands dead letters to the consumer that put them aside, on a topic that it alone reads.
 *
 * <ul>
 *   <li>Each letter is replayed once: the records and the note of how far the replay came are one Kafka transaction. A
 *       replay that begins while another one runs ends that one, and goes on where it stood.
 *   <li>Key, value and headers are those of the first record; only the headers that were added when it was put aside go.
 *   <li>A letter that its consumer puts aside again waits, on the dead-letter topic of the replay, for the next one.
 * </ul>
 */
public final class Replay {
    private final String consumer;
    private final List<String> deadLetters;

    private Replay(String consumer, List<String> deadLetters) {
        this.consumer = consumer;
        this.deadLetters = deadLetters;
    }

    /**
     * @param topics those whose dead letters are meant; none means all that the consumer reads
     * @throws LauncherException if there is no such consumer, or it does not read such a topic
     */
    public static Replay of(String consumer, List<String> topics) {
        List<String> readable = Topics.readBy(consumer);
        if (readable.isEmpty()) {
            throw new LauncherException(
                    "no consumer '" + consumer + "'; there are " + String.join(", ", Topics.consumers()));
        }
        topics.stream().filter(topic -> !readable.contains(topic)).findFirst().ifPresent(topic -> {
            throw new LauncherException(
                    consumer + " does not read '" + topic + "'; it reads " + String.join(", ", readable));
        });
        return new Replay(
                consumer,
                (topics.isEmpty() ? readable : topics)
                        .stream()
                                .distinct()
                                .map(topic -> Topics.deadLetters(topic, consumer))
                                .toList());
    }

    /** The letters that a replay would take now, and changes nothing. */
    public List<DeadLetter> waiting(Map<String, Object> broker) {
        List<DeadLetter> waiting = new ArrayList<>();
        try (WaitingLetters letters = WaitingLetters.open(broker, progress(), deadLetters)) {
            for (var some = letters.next(); !some.isEmpty(); some = letters.next()) {
                some.forEach(letter -> waiting.add(DeadLetter.of(letter)));
            }
        } catch (KafkaException e) {
            throw failed(e);
        }
        return waiting;
    }

    /**
     * Replays what waits.
     *
     * @param broker how to reach it, in the Kafka client's own names
     * @return how many letters were handed over
     */
    public int run(Map<String, Object> broker) {
        int replayed = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
            // First of all: from here on no other replay of this consumer can note its progress.
            producer.initTransactions();
            try (WaitingLetters letters = WaitingLetters.open(broker, progress(), deadLetters)) {
                for (var some = letters.next(); !some.isEmpty(); some = letters.next()) {
                    publish(producer, some);
                    replayed += some.size();
                }
            }
        } catch (KafkaException e) {
            throw failed(e);
        }
        return replayed;
    }

    private void publish(KafkaProducer<byte[], byte[]> producer, List<ConsumerRecord<byte[], byte[]>> letters) {
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            // One that fails makes the commit fail.
            Future<RecordMetadata> unused = producer.send(again(letter));
        }
        producer.sendOffsetsToTransaction(WaitingLetters.after(letters), new ConsumerGroupMetadata(progress()));
        producer.commitTransaction();
    }

    private ProducerRecord<byte[], byte[]> again(ConsumerRecord<byte[], byte[]> letter) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.replay(consumer), letter.key(), letter.value());
        letter.headers().forEach(header -> {
            if (!DeadLetter.isAdded(header)) {
                record.headers().add(header);
            }
        });
        return record;
    }

    /** The consumer group that keeps how far the replays came. It has no members. */
    private String progress() {
        return Topics.replay(consumer);
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> broker) {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, progress());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private LauncherException failed(KafkaException e) {
        return new LauncherException(
                "the dead letters of " + consumer + " can not be replayed: " + e.getMessage() + "; replay again", e);
    }
}
