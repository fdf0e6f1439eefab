package io.perennial.inbox;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Topics;
import io.perennial.contracts.UnreadableEventException;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The records of a batch: those that carry an event for this consumer, and those that can never be handled. */
final class DecodedBatch {
    /** Topics on which a record without a value is the end of a key, not a broken event. */
    private static final Set<String> COMPACTED = Topics.all().stream()
            .filter(topic -> topic.cleanup() != Topics.Cleanup.DELETE)
            .map(Topics.TopicSpec::name)
            .collect(Collectors.toUnmodifiableSet());

    /** Topics of events that are about something else than a connection. */
    private static final Set<String> NOT_OF_CONNECTIONS = Arrays.stream(EventType.values())
            .filter(type -> type.about() != ConnectionRef.class)
            .map(EventType::topic)
            .collect(Collectors.toUnmodifiableSet());

    private final List<KafkaRecord<String, byte[]>> records;
    private final Map<UUID, Decoded> events = new LinkedHashMap<>();
    private final Map<KafkaRecord<String, byte[]>, RuntimeException> poison = new IdentityHashMap<>();

    private int repeated;

    private record Decoded(KafkaRecord<String, byte[]> record, EventEnvelope event) {}

    private DecodedBatch(List<KafkaRecord<String, byte[]>> records) {
        this.records = records;
    }

    static DecodedBatch of(KafkaRecordBatch<String, byte[]> batch) {
        DecodedBatch decoded = new DecodedBatch(batch.getRecords());
        decoded.records.forEach(decoded::decode);
        return decoded;
    }

    private void decode(KafkaRecord<String, byte[]> message) {
        byte @Nullable [] value = message.getPayload();
        if (value == null && COMPACTED.contains(message.getTopic())) {
            return;
        }
        try {
            EventCodec.decode(headers(message), value).ifPresent(event -> {
                checkPlace(message.getTopic(), event);
                EventSanity.check(event);
                add(message, event);
            });
        } catch (UnreadableEventException | PoisonEventException unusable) {
            poison.put(message, unusable);
        }
    }

    /** Readers rely on it that every event of a topic is about the same kind of thing. */
    private static void checkPlace(String topic, EventEnvelope event) {
        String own = event.type().topic();
        boolean special = NOT_OF_CONNECTIONS.contains(topic) || NOT_OF_CONNECTIONS.contains(own);
        if (special && !topic.equals(own) && !replays(topic, own)) {
            throw new UnreadableEventException("The event is about something else than the others on its topic");
        }
    }

    /** Whether dead letters of {@code own} come back on {@code topic}. */
    private static boolean replays(String topic, String own) {
        return Topics.consumers().stream()
                .filter(consumer -> topic.equals(Topics.replay(consumer)))
                .anyMatch(consumer -> Topics.readBy(consumer).contains(own));
    }

    private void add(KafkaRecord<String, byte[]> message, EventEnvelope event) {
        if (events.putIfAbsent(event.id(), new Decoded(message, event)) != null) {
            repeated++;
        }
    }

    private static Map<String, String> headers(KafkaRecord<String, byte[]> message) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : message.getHeaders()) {
            byte @Nullable [] value = header.value();
            if (value != null) {
                headers.put(header.key(), new String(value, StandardCharsets.UTF_8));
            }
        }
        return headers;
    }

    /** Where the records lie, as {@code topic-partition@first..last}. */
    String places() {
        Map<String, LongSummaryStatistics> offsets = new TreeMap<>();
        for (KafkaRecord<String, byte[]> message : records) {
            message.getMetadata(IncomingKafkaRecordMetadata.class).ifPresent(place -> offsets.computeIfAbsent(
                            place.getTopic() + "-" + place.getPartition(), partition -> new LongSummaryStatistics())
                    .accept(place.getOffset()));
        }
        return offsets.entrySet().stream()
                .map(partition ->
                        partition.getKey() + "@" + partition.getValue().getMin() + ".."
                                + partition.getValue().getMax())
                .collect(Collectors.joining(" "));
    }

    /** Distinct events in the order of their records. */
    List<EventEnvelope> events() {
        return events.values().stream().map(Decoded::event).toList();
    }

    /** How many records carried an event that an earlier record of the batch carried already. */
    int repeated() {
        return repeated;
    }

    /** Takes a poison event out; false if it is none of this batch. */
    boolean remove(PoisonEventException reason) {
        Decoded removed = events.remove(reason.eventId());
        if (removed != null) {
            poison.put(removed.record(), reason);
        }
        return removed != null;
    }

    /** Refuses the poison records, acknowledges all others. */
    Uni<Void> acknowledge(String consumer, InboxMetrics metrics) {
        metrics.deadLettered(consumer, poison.size());
        List<Uni<Void>> acknowledgements = new ArrayList<>();
        for (KafkaRecord<String, byte[]> message : records) {
            RuntimeException reason = poison.get(message);
            acknowledgements.add(
                    Uni.createFrom().completionStage(() -> reason == null ? message.ack() : message.nack(reason)));
        }
        return Uni.join().all(acknowledgements).andFailFast().replaceWithVoid();
    }
}
