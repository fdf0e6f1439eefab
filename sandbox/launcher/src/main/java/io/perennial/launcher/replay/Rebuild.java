package io.perennial.launcher.replay;

import io.perennial.contracts.EventCodec;
import io.perennial.contracts.Topics;
import io.perennial.launcher.LauncherException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Tells a consumer the present state of everything once more, on the replay topic that it alone reads, while it runs.
 *
 * <ul>
 *   <li>What is told is what the compacted topics hold at the beginning. What happens meanwhile the consumer hears as always;
 *       sequences say which of the two is newer, whatever comes first.
 *   <li>Each record gets an id of its own: the consumer remembers ids, and a rebuild is meant to have an effect each time.
 *   <li>A rebuild that breaks off is begun again; telling a state twice changes nothing.
 * </ul>
 */
public final class Rebuild {
    private static final Map<String, List<String>> PROJECTIONS =
            Map.of("token-monitor", List.of(Topics.TENANT_STATE, Topics.CONNECTION_STATE));

    private final String consumer;
    private final List<String> states;

    private Rebuild(String consumer, List<String> states) {
        this.consumer = consumer;
        this.states = states;
    }

    /** @throws LauncherException if the consumer has no projection that can be rebuilt */
    public static Rebuild of(String consumer) {
        List<String> states = PROJECTIONS.get(consumer);
        if (states == null) {
            throw new LauncherException("'" + consumer + "' has no projection to rebuild; there is "
                    + String.join(", ", PROJECTIONS.keySet()));
        }
        return new Rebuild(consumer, states);
    }

    /**
     * @param broker how to reach it, in the Kafka client's own names
     * @return how many states were told
     */
    public int run(Map<String, Object> broker) {
        int told = 0;
        // The group never commits, so every rebuild begins at the beginning.
        try (KafkaProducer<byte[], byte[]> producer = producer(broker);
                WaitingLetters states = WaitingLetters.open(broker, name(), this.states)) {
            producer.initTransactions();
            for (var some = states.next(); !some.isEmpty(); some = states.next()) {
                told += tell(producer, some);
            }
        } catch (KafkaException e) {
            throw new LauncherException(
                    "the projection of " + consumer + " can not be rebuilt: " + e.getMessage() + "; rebuild again", e);
        }
        return told;
    }

    private int tell(KafkaProducer<byte[], byte[]> producer, List<ConsumerRecord<byte[], byte[]>> states) {
        List<ConsumerRecord<byte[], byte[]>> present =
                states.stream().filter(state -> state.value() != null).toList();
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> state : present) {
            // One that fails makes the commit fail.
            Future<RecordMetadata> unused = producer.send(again(state));
        }
        producer.commitTransaction();
        return present.size();
    }

    private ProducerRecord<byte[], byte[]> again(ConsumerRecord<byte[], byte[]> state) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.replay(consumer), state.key(), state.value());
        for (Header header : state.headers()) {
            if (!header.key().equals(EventCodec.ID)) {
                record.headers().add(header);
            }
        }
        record.headers().add(EventCodec.ID, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private String name() {
        return "perennial.rebuild." + consumer;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> broker) {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
