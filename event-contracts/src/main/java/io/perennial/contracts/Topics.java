package io.perennial.contracts;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The topics, declared once: the local launcher and the deployment create exactly these. */
public final class Topics {
    public static final String CONNECTIONS = "perennial.connections.v1";
    public static final String EXPIRY = "perennial.expiry.v1";
    public static final String FETCHES = "perennial.fetches.v1";
    public static final String ORDERS = "perennial.orders.v1";
    public static final String REMINDERS = "perennial.reminders.v1";
    public static final String PLATFORM = "perennial.platform.v1";
    public static final String CONNECTION_STATE = "perennial.connection-state.v1";
    public static final String TENANT_STATE = "perennial.tenant-state.v1";

    /** Partitions of every event topic on one machine; a deployment may choose more, once and for good. */
    public static final int LOCAL_PARTITIONS = 12;

    private static final Duration LONG = Duration.ofDays(400);
    private static final Duration SHORT = Duration.ofDays(35);
    private static final Duration DEAD_LETTERS = Duration.ofDays(90);
    // Kafka's own day is over before a reader that fell silent on a Friday is back: it would keep for good what was
    // taken
    // back meanwhile. So it may be away from a compacted topic as long as from those that are not.
    private static final Duration TOMBSTONES = SHORT;

    private static final String PUT_ASIDE = ".dlq";

    /** Twice what Kafka takes unasked: a record of that size is larger still with the reason in its headers. */
    private static final String LARGEST_PUT_ASIDE = String.valueOf(2 << 20);

    private static final Map<String, List<String>> CONSUMERS = Map.of(
            CONNECTIONS, List.of("token-monitor", "fetch-orchestrator", "notifier", "console"),
            EXPIRY, List.of("auth-service", "notifier", "console"),
            FETCHES, List.of("auth-service", "notifier", "console"),
            REMINDERS, List.of("auth-service", "console"),
            PLATFORM, List.of("notifier"),
            CONNECTION_STATE, List.of("console"),
            TENANT_STATE, List.of("token-monitor"));

    private Topics() {}

    /** Where {@code consumer} puts records of {@code topic} that it can never handle. */
    public static String deadLetters(String topic, String consumer) {
        return topic + "." + consumer + PUT_ASIDE;
    }

    /** Where dead letters of {@code consumer} are handed to that consumer again, and to nobody else. */
    public static String replay(String consumer) {
        return "perennial.replay." + consumer;
    }

    /** Everyone of this house who reads topics, in a stable order. */
    public static List<String> consumers() {
        return CONSUMERS.values().stream()
                .flatMap(List::stream)
                .distinct()
                .sorted()
                .toList();
    }

    /** What {@code consumer} reads, its replay topic last; empty for an unknown consumer. */
    public static List<String> readBy(String consumer) {
        List<String> events = CONSUMERS.entrySet().stream()
                .filter(topic -> topic.getValue().contains(consumer))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return events.isEmpty()
                ? List.of()
                : Stream.concat(events.stream(), Stream.of(replay(consumer))).toList();
    }

    /** All topics with those of dead letters and their replay, in a stable order. */
    public static List<TopicSpec> all() {
        List<TopicSpec> events = List.of(
                new TopicSpec(CONNECTIONS, LOCAL_PARTITIONS, Cleanup.DELETE, LONG),
                new TopicSpec(EXPIRY, LOCAL_PARTITIONS, Cleanup.DELETE, LONG),
                new TopicSpec(FETCHES, LOCAL_PARTITIONS, Cleanup.DELETE, SHORT),
                new TopicSpec(ORDERS, LOCAL_PARTITIONS, Cleanup.COMPACT_AND_DELETE, DEAD_LETTERS),
                new TopicSpec(REMINDERS, LOCAL_PARTITIONS, Cleanup.DELETE, SHORT),
                new TopicSpec(PLATFORM, LOCAL_PARTITIONS, Cleanup.DELETE, LONG),
                new TopicSpec(CONNECTION_STATE, LOCAL_PARTITIONS, Cleanup.COMPACT, null),
                new TopicSpec(TENANT_STATE, LOCAL_PARTITIONS, Cleanup.COMPACT, null));
        Stream<TopicSpec> putAside = consumers().stream()
                .flatMap(Topics::putAsideBy)
                .map(name -> new TopicSpec(name, 1, Cleanup.DELETE, DEAD_LETTERS));
        return Stream.concat(events.stream(), putAside).toList();
    }

    private static Stream<String> putAsideBy(String consumer) {
        return Stream.concat(
                readBy(consumer).stream().map(topic -> deadLetters(topic, consumer)), Stream.of(replay(consumer)));
    }

    /** What Kafka does with old records. */
    public enum Cleanup {
        DELETE("delete"),
        COMPACT("compact"),
        COMPACT_AND_DELETE("compact,delete");

        private final String policy;

        Cleanup(String policy) {
            this.policy = policy;
        }
    }

    /**
     * A topic to create.
     *
     * @param retention how long records are kept; null for a compacted topic that keeps the last record of each key
     */
    public record TopicSpec(String name, int partitions, Cleanup cleanup, @Nullable Duration retention) {
        /** The topic's settings in Kafka's own names. */
        public Map<String, String> configs() {
            Map<String, String> configs = new TreeMap<>(Map.of("cleanup.policy", cleanup.policy));
            if (retention != null) {
                configs.put("retention.ms", String.valueOf(retention.toMillis()));
            }
            if (name.endsWith(PUT_ASIDE)) {
                configs.put("max.message.bytes", LARGEST_PUT_ASIDE);
            }
            if (cleanup != Cleanup.DELETE) {
                configs.put("delete.retention.ms", String.valueOf(TOMBSTONES.toMillis()));
            }
            return configs;
        }
    }
}
